// Where a backtest's money came from: its trades by agent, hour, weekday, regime, stock, side and end, and how sure
// the result before charges is.
import { weekdayOf } from '../domain/session/calendar';
import { istDate, istTime } from '../domain/session/sessionClock';
import { figuresOf, hitRate, spreadOf, type Spread, type TradeFigures } from './measures';
import type { ReportedTrade } from './reportedTrade';

/** The trades that have something in common. */
export interface Share extends TradeFigures {
  readonly name: string;
  readonly hitRate: number | null;
  /** Result before charges of the value entered, in basis points. */
  readonly grossBps: number;
}

export const attributions = [
  'agent',
  'hour',
  'weekday',
  'regime',
  'stock',
  'direction',
  'exit',
] as const;
export type Attribution = (typeof attributions)[number];

/** A trade counts for every agent that voted for its side, so the agents' shares add up to more than all trades. */
export type Attributed = Readonly<Record<Attribution, readonly Share[]>>;

const namesOf: Readonly<Record<Attribution, (trade: ReportedTrade) => readonly string[]>> = {
  agent: ({ votes, direction }) =>
    votes
      .filter(({ action }) => action === (direction === 'LONG' ? 'BUY' : 'SELL'))
      .map(({ agent }) => agent),
  hour: ({ entryAt }) => [`${istTime(entryAt).slice(0, 2)}:00`],
  weekday: ({ entryAt }) => [weekdayOf(istDate(entryAt))],
  regime: ({ regime }) => [regime],
  stock: ({ tradingsymbol }) => [tradingsymbol],
  direction: ({ direction }) => [direction],
  exit: ({ exitReason }) => [exitReason ?? 'unknown'],
};

export const attributed = (trades: readonly ReportedTrade[]): Attributed =>
  Object.fromEntries(
    attributions.map((attribution) => [attribution, sharesOf(trades, namesOf[attribution])]),
  ) as Record<Attribution, readonly Share[]>;

function sharesOf(
  trades: readonly ReportedTrade[],
  names: (trade: ReportedTrade) => readonly string[],
): readonly Share[] {
  const groups = new Map<string, ReportedTrade[]>();
  for (const trade of trades)
    for (const name of names(trade)) groups.set(name, [...(groups.get(name) ?? []), trade]);
  return [...groups]
    .map(([name, group]) => {
      const figures = figuresOf(group);
      return { name, ...figures, hitRate: hitRate(figures), grossBps: grossBpsOf(group) };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Money in paise. */
interface Result {
  readonly gross: number;
  readonly entered: number;
}

const sumOf = (results: readonly Result[]): Result =>
  results.reduce(
    (sum, { gross, entered }) => ({ gross: sum.gross + gross, entered: sum.entered + entered }),
    { gross: 0, entered: 0 },
  );

const resultOf = (trades: readonly ReportedTrade[]): Result =>
  sumOf(
    trades.map(({ grossPnl, quantity, entryPrice }) => ({
      gross: grossPnl,
      entered: quantity * entryPrice,
    })),
  );

const bpsOf = ({ gross, entered }: Result): number =>
  entered === 0 ? 0 : (10_000 * gross) / entered;

/** 0 of no trades. */
export const grossBpsOf = (trades: readonly ReportedTrade[]): number => bpsOf(resultOf(trades));

const draws = 2_000;

/**
 * The result before charges in basis points, with its 95 % interval: days are drawn again and again from these, since
 * the trades of one day are not independent. null of fewer than five days. @param unit uniform in [0, 1).
 */
export function grossInterval(
  days: readonly (readonly ReportedTrade[])[],
  unit: () => number,
): Spread | null {
  if (days.length < 5) return null;
  const results = days.map(resultOf);
  const drawn = Array.from({ length: draws }, () =>
    bpsOf(sumOf(results.flatMap(() => results[Math.floor(unit() * results.length)] ?? []))),
  );
  const spread = spreadOf(drawn, 0.025);
  return spread === null ? null : { ...spread, mean: bpsOf(sumOf(results)) };
}

/** How much was traded, for how long, and at what price in charges. */
export interface TradeHabits {
  /** Value of all entries and exits, in paise. */
  readonly turnover: number;
  /** Charges of the profit before charges, where there is one. */
  readonly chargesShare: number | null;
  readonly holdingMinutes: Spread | null;
  /** Share of the capital held, averaged from each day's first entry to its last exit. */
  readonly exposure: number;
}

export function habitsOf(days: readonly (readonly ReportedTrade[])[], cash: number): TradeHabits {
  const trades = days.flat();
  const { grossPnl, charges } = figuresOf(trades);
  return {
    turnover: trades.reduce(
      (sum, { quantity, entryPrice, exitPrice }) => sum + quantity * (entryPrice + exitPrice),
      0,
    ),
    chargesShare: grossPnl > 0 ? charges / grossPnl : null,
    holdingMinutes: spreadOf(trades.map(({ entryAt, exitAt }) => (exitAt - entryAt) / 60_000)),
    exposure: exposureOf(days, cash),
  };
}

function exposureOf(days: readonly (readonly ReportedTrade[])[], cash: number): number {
  let [held, available] = [0, 0];
  for (const trades of days) {
    if (trades.length === 0) continue;
    const from = Math.min(...trades.map(({ entryAt }) => entryAt));
    const until = Math.max(...trades.map(({ exitAt }) => exitAt));
    available += cash * (until - from);
    for (const { quantity, entryPrice, entryAt, exitAt } of trades)
      held += quantity * entryPrice * (exitAt - entryAt);
  }
  return available === 0 ? 0 : held / available;
}
