// `ratchet indicators`: the indicators of a candle file, by the code that trades.
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { noFactors, readFactors } from '../../domain/candleFile';
import { Refused, wordsOf } from '../../domain/errors';
import { indicatorCsv } from '../../domain/indicators';
import { fileBars, seriesName } from '../../exchange/market/candleFiles';
import { say } from '../text/output';
import { csvTable } from '../../exchange/market/csvTable';

interface IndicatorFlags {
  readonly out: string;
  readonly factors?: string;
}

export const indicatorsCommand = new Command('indicators')
  .description('add every indicator to a candle file (ts,open,high,low,close,volume)')
  .argument('<in>', 'candles: CSV, packed or not, or Parquet')
  .requiredOption('--out <file>', 'where to write')
  .option('--factors <file>', 'CSV symbol,ex_date,factor of splits and bonuses')
  .action((file: string, { out, factors: factorsFile }: IndicatorFlags) => {
    const { bars, remarks } = fileBars(file, { kind: 'any' });
    remarks.forEach(say);
    const name = seriesName(file);
    const factors =
      factorsFile === undefined ? noFactors : readFactors(csvTable(factorsFile), new Set([name]));
    write(out, indicatorCsv({ file, bars, factors: factors.get(name) ?? [] }));
  });

/** @throws Refused INDICATOR_OUT */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const message = `--out ${file} cannot be written: ${wordsOf(error)}`;
    throw new Refused({ code: 'INDICATOR_OUT', message });
  }
}
