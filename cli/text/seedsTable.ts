// The same days under several seeds: how much of a total is the path inside each minute, which nobody knows.
import type { Spread } from '../../backtest';
import { spreadOf } from '../../domain/research/spread';
import { roundedRupees as rupees } from '../../domain/research/words';
import { columns } from './output';

/** Money in paise. */
export interface SeedTotal {
  readonly seed: number;
  readonly trades: number;
  readonly grossPnl: number;
  readonly charges: number;
  readonly netPnl: number;
}

/** What `ratchet backtest --seeds --json` prints. */
export interface SeedsDocument {
  readonly kind: 'seeds';
  readonly dates: readonly string[];
  readonly seeds: readonly SeedTotal[];
  /** Of the seeds: the mean, and what 5 % lie below and above. */
  readonly grossPnl: Spread | null;
  readonly netPnl: Spread | null;
}

export const seedsDocument = (
  days: readonly { readonly date: string }[],
  seeds: readonly SeedTotal[],
): SeedsDocument => ({
  kind: 'seeds',
  dates: days.map(({ date }) => date),
  seeds,
  grossPnl: spreadOf(seeds.map(({ grossPnl }) => grossPnl)),
  netPnl: spreadOf(seeds.map(({ netPnl }) => netPnl)),
});

const spreadLine = (name: string, spread: Spread | null): string =>
  spread === null
    ? `${name}: –`
    : `${name}: mean ${rupees(spread.mean)}, 5–95 % of the seeds ${rupees(spread.low)} to ${rupees(spread.high)}`;

export const seedLines = ({ seeds, grossPnl, netPnl }: SeedsDocument): readonly string[] => [
  ...columns([
    ['seed', 'trades', 'before charges', 'charges', 'after charges'],
    ...seeds.map((one) => [
      ...[one.seed, one.trades].map(String),
      ...[one.grossPnl, one.charges, one.netPnl].map(rupees),
    ]),
  ]),
  '',
  spreadLine('before charges', grossPnl),
  spreadLine('after charges', netPnl),
];
