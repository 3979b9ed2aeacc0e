// `ratchet indicators`: the indicators of a candle file, by the code that trades.
import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { indicatorCsv } from '../../domain/indicators';

export const indicatorsCommand = new Command('indicators')
  .description('add every indicator to a candle file (ts,open,high,low,close,volume)')
  .argument('<in>', 'CSV of candles')
  .requiredOption('--out <file>', 'where to write')
  .action((input: string, { out }: { out: string }) =>
    writeFileSync(out, indicatorCsv(readFileSync(input, 'utf8'))),
  );
