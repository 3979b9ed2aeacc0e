// Two results of the same days beside each other: what counts is the difference of each day, since both had its market.
import { meanOf } from './moments';
import type { Spread } from './spread';
import { meanInterval, usualRun, type Bootstrap } from './stationaryBootstrap';
import { daysText, roundedRupees as rupees } from './words';

export interface DatedResult {
  readonly date: string;
  /** After charges, in paise. */
  readonly netPnl: number;
}

export interface PairedDays {
  /** Days that both have. */
  readonly days: readonly {
    readonly date: string;
    readonly first: number;
    readonly second: number;
  }[];
  /** Dates that only one has. */
  readonly firstOnly: readonly string[];
  readonly secondOnly: readonly string[];
  /** Mean of second less first, a day. */
  readonly mean: number;
  /** Its 95 % interval; null of fewer than five days. */
  readonly interval: Spread | null;
  /** Days on which the second made more. */
  readonly secondAhead: number;
  readonly sentence: string;
}

function verdict(interval: Spread | null, days: number): string {
  if (interval === null) return `${daysText(days)}: too few to tell which of them is better`;
  const between = `95 % between ${rupees(interval.low)} and ${rupees(interval.high)}`;
  if (interval.low > 0) return `${between}: the second is better on these days`;
  return interval.high < 0
    ? `${between}: the first is better on these days`
    : `${between}: neither is shown to be better`;
}

export function pairedDays(
  first: readonly DatedResult[],
  second: readonly DatedResult[],
  { draws, unit }: Pick<Bootstrap, 'draws' | 'unit'>,
): PairedDays {
  const seconds = new Map(second.map(({ date, netPnl }) => [date, netPnl]));
  const firsts = new Set(first.map(({ date }) => date));
  const days = first.flatMap(({ date, netPnl }) => {
    const other = seconds.get(date);
    return other === undefined ? [] : [{ date, first: netPnl, second: other }];
  });
  const differences = days.map((day) => day.second - day.first);
  const interval = meanInterval(differences, { draws, unit, meanRun: usualRun(days.length) });
  const mean = meanOf(differences);
  const more = mean < 0 ? 'less' : 'more';
  return {
    days,
    firstOnly: first.map(({ date }) => date).filter((date) => !seconds.has(date)),
    secondOnly: second.map(({ date }) => date).filter((date) => !firsts.has(date)),
    mean,
    interval,
    secondAhead: differences.filter((difference) => difference > 0).length,
    sentence: `Over ${daysText(days.length)} that both have, the second made ${rupees(Math.abs(mean))} a day ${more} than the first after charges; ${verdict(interval, days.length)}.`,
  };
}
