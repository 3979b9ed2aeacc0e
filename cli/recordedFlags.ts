// Flags that the commands on recorded days share.
import { closeSync, openSync } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import { fidelities, type DayFlags } from '../backtest';
import { Refused, wordsOf } from '../domain/errors';
import { paise, type Paise } from '../domain/units';
import type { CandleSeries } from '../exchange/market/candleFiles';
import { neededSpan } from '../exchange/market/replay';

export const whole =
  (most: number, least = 0) =>
  (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most)
      return Number(text);
    throw new InvalidArgumentError(
      `must be a whole number from ${least} to ${most}, was "${text}".`,
    );
  };

export function rupeesAtLeastOne(text: string): Paise {
  if (/^\d{1,10}$/.test(text) && Number(text) >= 1) return paise(Number(text) * 100);
  throw new InvalidArgumentError(`must be whole rupees from 1 to 9999999999, was "${text}".`);
}

/** A share of all, its largest value excluded. */
export const shareBelow =
  (most: number) =>
  (text: string): number => {
    if (/^\d?\.?\d{1,6}$/.test(text) && Number(text) < most) return Number(text);
    throw new InvalidArgumentError(
      `must be a share of 0 or more and below ${most}, was "${text}".`,
    );
  };

export const fidelityOption = (): Option =>
  new Option('--fidelity <what>', 'what fills orders: our exchange, or the candles alone (fast)')
    .choices([...fidelities])
    .default('exchange');

/** What named dates need of a series. Which the latest whole days are shows only when all has been read. */
export function neededOf(
  series: CandleSeries,
  { date, from = date, to = date }: DayFlags,
): CandleSeries {
  const span = neededSpan(from ?? '', to ?? '');
  const candles = series.candles.filter(({ at }) => at >= span.from && at < span.until);
  return { ...series, candles };
}

/** Checked before the work, not after it. @throws Refused BACKTEST_PAGE */
export function requireWritable(file: string): void {
  try {
    closeSync(openSync(file, 'a'));
  } catch (error) {
    const why = wordsOf(error);
    throw new Refused({
      code: 'BACKTEST_PAGE',
      message: `--html ${file} cannot be written: ${why}`,
    });
  }
}
