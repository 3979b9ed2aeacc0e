// A file of stocks: a CSV with a column `symbol`, as NSE's lists of an index have, or a symbol a line.
import { readFileSync } from 'node:fs';
import { eachRow, refuseFile } from '../../domain/candleFile';
import { symbolOf } from '../../domain/candleStore/symbolOf';
import { wordsOf } from '../../domain/errors';
import { csvTable } from '../../exchange/market/csvTable';

/** @throws Refused DATA_SOURCE or CANDLE_FILE naming file, line and value. */
export function readUniverse(file: string): readonly string[] {
  const symbols: string[] = [];
  const add = (line: number, text: string): void => {
    const symbol = symbolOf(text);
    if (symbol === null)
      refuseFile(
        `"${file}" line ${line}: must be a symbol like INFY, was "${text}"`,
        'DATA_SOURCE',
      );
    symbols.push(symbol);
  };
  const lines = linesOf(file);
  if (/(?:^|[,;\t"])symbol(?:$|[,;\t"])/i.test(lines[0] ?? ''))
    eachRow(csvTable(file), ['symbol'], (line, [text = '']) => add(line, text));
  else
    lines.forEach((text, index) => {
      if (text !== '') add(index + 1, text);
    });
  return [...new Set(symbols)];
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .map((line) => line.trim());
  } catch (error) {
    return refuseFile(`"${file}" cannot be read: ${wordsOf(error)}`, 'DATA_SOURCE');
  }
}
