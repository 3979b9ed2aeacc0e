// The headlines of a replay: a CSV of `ts,tradingsymbol,title`.
import { existsSync } from 'node:fs';
import {
  eachRow,
  instantForm,
  instantReader,
  refuseCell,
  refuseFile,
} from '../../domain/candleFile';
import { csvTable } from './csvTable';
import type { Headline } from './source';

/** Oldest first. @throws Refused REPLAY_FILE or CANDLE_FILE naming file, line, column and value. */
export function readHeadlines(file: string): readonly Headline[] {
  if (!existsSync(file)) refuseFile(`headlines file "${file}" does not exist`, 'REPLAY_FILE');
  const instantOf = instantReader();
  const headlines: Headline[] = [];
  eachRow(
    csvTable(file),
    ['ts', 'tradingsymbol', 'title'],
    (line, [ts = '', tradingsymbol = '', title = '']) => {
      const found = instantOf(ts);
      if (found === null)
        return refuseCell({ file, line, column: 'ts', value: ts }, `must be ${instantForm}`);
      headlines.push({ at: found.at, tradingsymbol, title });
    },
  );
  return headlines.sort((left, right) => left.at - right.at);
}
