// The bars a strategy is tried on: a generated day, and a recorded one where a folder is named.
import { chooseDays } from '../backtest';
import { recordDay, type RecordedDay } from '../backtest/recordedDay';
import { createIndicatorEngine } from '../domain/indicators';
import { neutralSentiment } from '../domain/sentiment/view';
import { nseCalendar } from '../domain/session/nseCalendar';
import type { SeenStock } from '../domain/strategy';
import { epochMs } from '../domain/units';
import type { TrialBars } from '../infra/strategies/trial';
import { generatedMarket } from '../exchange/market/generated';
import { recordedMarkets } from '../exchange/market/replay';

/** A past date, so that every check sees the same day. */
const generatedDate = '2026-11-20';
const seed = 7;
const barMinutes = 5;
const only = ['RELIANCE', 'INFY', 'SBIN', 'TATASTEEL', 'MARUTI', 'ITC', 'TITAN', 'VGUARD'];
/** More say little more, and take longer. */
const stocksMax = 8;

export const generatedBars = (): TrialBars => ({
  from: 'generated bars',
  stocks: stocksOf(recordDay(generatedDate, generatedMarket(generatedDate, seed, { only }))),
});

/** The latest whole day of a folder, or the one named. @throws Refused in one sentence. */
export function recordedBars(directory: string, date: string | undefined): TrialBars {
  const flags = date === undefined ? { days: '1' } : { date };
  const [day] = chooseDays(directory, flags, nseCalendar);
  const chosen = day?.date ?? '';
  const marketOf = recordedMarkets({ directory, calendar: nseCalendar, seed }, [chosen]);
  return { from: `bars of ${chosen}`, stocks: stocksOf(recordDay(chosen, marketOf(chosen))) };
}

const stocksOf = (day: RecordedDay): readonly SeenStock[] =>
  day.stocks.slice(0, stocksMax).map(({ tradingsymbol }) => {
    const engine = createIndicatorEngine({ barMinutes });
    const candles = [...day.history(tradingsymbol), ...(day.candles.get(tradingsymbol) ?? [])];
    return {
      tradingsymbol,
      bars: candles.flatMap((candle) => engine.update(candle)),
      news: neutralSentiment(epochMs(0)),
    };
  });
