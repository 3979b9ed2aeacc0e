// Two saved documents, of backtests or of studies, compared day by day.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Refused } from '../domain/errors';
import { pairedDays, type DatedResult, type PairedDays } from '../domain/research/pairedDays';
import { daysText, roundedRupees } from '../domain/research/words';
import { chanceFor } from '../exchange/market/chance';
import { columns } from './text/output';

const daysForm = z.array(z.object({ date: z.string(), netPnl: z.number() }));
/** A study's days are those that judged its choices. */
const form = z.union([
  z
    .object({ kind: z.literal('study'), outOfSample: daysForm })
    .transform(({ outOfSample }) => outOfSample),
  z.object({ days: daysForm }).transform(({ days }) => days),
]);

function refuse(message: string): never {
  throw new Refused({ code: 'COMPARE_DOCUMENT', message });
}

/** @throws Refused COMPARE_DOCUMENT */
function resultsIn(file: string): readonly DatedResult[] {
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return refuse(
      `"${file}" ${error instanceof SyntaxError ? 'is not valid JSON' : 'cannot be read'}`,
    );
  }
  const parsed = form.safeParse(read);
  return parsed.success
    ? parsed.data
    : refuse(
        `"${file}" must be what \`ratchet backtest --json\` or \`ratchet optimise --json\` prints`,
      );
}

const draws = 5_000;

/** @throws Refused COMPARE_DOCUMENT where a file is none of ours, or no day is in both. */
export function comparedDocuments(first: string, second: string): PairedDays {
  const { unit } = chanceFor(7, 'compare');
  const compared = pairedDays(resultsIn(first), resultsIn(second), { draws, unit });
  if (compared.days.length === 0) refuse(`"${first}" and "${second}" have no day in common`);
  return compared;
}

export const pairedLines = (compared: PairedDays): readonly string[] => [
  compared.sentence,
  `The second made more on ${compared.secondAhead} of ${daysText(compared.days.length)}.`,
  ...[
    { name: 'first', dates: compared.firstOnly },
    { name: 'second', dates: compared.secondOnly },
  ].flatMap(({ name, dates }) =>
    dates.length === 0 ? [] : [`Only the ${name} has ${dates.join(', ')}.`],
  ),
  '',
  ...columns([
    ['day', 'first', 'second', 'second less first'],
    ...compared.days.map(({ date, first, second }) => [
      date,
      ...[first, second, second - first].map(roundedRupees),
    ]),
  ]),
];
