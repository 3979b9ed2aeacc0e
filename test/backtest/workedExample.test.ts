// Goal: the worked example of docs/deciding.md from prices to a position: RELIANCE with RSI 75, MACD bearish,
// price below VWAP and sentiment −0.8 is sold short at the exchange, with its sentence; the reflected market
// with the opposite news is bought.
import { dayTerms } from '../../backtest';
import { decidedEntries } from '../../backtest/entryPlan';
import { recordDay, type RecordedDay } from '../../backtest/recordedDay';
import { tradeDay, type TradedDay } from '../../backtest/tradedDay';
import { analyseStock, decide, type StockAnalysis } from '../../domain/decision';
import type { Candle } from '../../domain/market/candle';
import { istDate, istInstant } from '../../domain/session/sessionClock';
import { paise } from '../../domain/units';
import { loadConfig } from '../../infra/config/config';
import { barFeed } from '../../exchange/market/barFeed';
import { listStock } from '../../exchange/market/listing';
import type { MarketSource } from '../../exchange/market/source';
import { news } from '../domain/bars';
import { candleAt, reflected } from '../domain/candles';

const [before, date] = ['2026-11-19', '2026-11-20'];
const barEnd = istInstant(date, '09:50');
const config = loadConfig();
const seed = 7;

/**
 * Two sessions that rise three steps and fall one, so that RSI is 75; on the second the steps shrink, so that
 * MACD falls below its signal. The minutes reach far up and close low, so that VWAP is above the closes.
 */
function spentRise(): Candle[] {
  let price = 150_000;
  return [before, date].flatMap((session) =>
    Array.from({ length: 375 }, (_, minute) => {
      const bar = Math.floor(minute / 5);
      const size = session === before ? 60 : 60 * 0.95 ** bar;
      // The sessions have 75 bars: on the second the turn comes three bars earlier.
      const turn = (bar + (session === before ? 0 : 75)) % 4 === 3 ? -1 : 1;
      const step = minute % 5 === 4 ? Math.round((turn * size) / 10) * 10 : 0;
      const [open, close] = [price, price + step];
      price = close;
      const [high, low] = [Math.max(open, close) + 500, Math.min(open, close) - 100];
      return candleAt(session, minute, [open, high, low, close], 2_000);
    }),
  );
}

function marketOf(candles: readonly Candle[]): MarketSource {
  const earlier = candles.filter(({ at }) => istDate(at) === before);
  const today = candles.filter(({ at }) => istDate(at) === date);
  const listing = listStock({
    tradingsymbol: 'RELIANCE',
    day: { date, hours: null },
    minuteVolume: 2_000,
    previousClose: earlier.at(-1)?.close ?? paise(0),
  });
  const { instrumentToken: token, tickSize } = listing;
  return {
    listings: [listing],
    headlines: [],
    history: () => earlier,
    feed: barFeed([{ token, tickSize, bars: today }], seed),
    openingPrice: () => today[0]?.open,
  };
}

interface Played {
  readonly analysis: StockAnalysis;
  readonly traded: TradedDay;
}

function play(candles: readonly Candle[], sentimentScore: number): Played {
  const recorded: RecordedDay = recordDay(date, marketOf(candles));
  const day = dayTerms(recorded, { config, cash: paise(100_000_000), seed });
  const today = recorded.candles.get('RELIANCE') ?? [];
  const known = [...recorded.history('RELIANCE'), ...today.filter(({ at }) => at < barEnd)];
  const sentiment = { ...news(sentimentScore, 0.9), asOf: barEnd };
  const instrument = { tradingsymbol: 'RELIANCE' };
  const input = { instrument, candles: known, barEnd, sentiment, config: config.decision };
  const analysis = analyseStock(input);
  const none = { probabilityLong: null, probabilityShort: null };
  const decision = decide({ analysis, sentiment, ...none, config: config.decision });
  const judged = [{ analysis, decision, close: known.at(-1)?.close ?? paise(0) }];
  const plan = decidedEntries({ bars: [{ barEnd, judged }], unjudged: {} });
  return { analysis, traded: tradeDay(recorded, day, plan) };
}

test('RSI 75, MACD bearish, below VWAP, sentiment −0.8: sold short, with that sentence', () => {
  const { analysis, traded } = play(spentRise(), -0.8);
  const { rsi14, macdHistogram, vwap, close } = analysis.snapshot;
  expect(Math.round(rsi14 ?? 0)).toBe(75);
  expect(macdHistogram).toBeLessThan(0);
  expect(close).toBeLessThan(vwap ?? 0);
  expect(traded.refusals).toEqual({});
  expect(traded.trades).toHaveLength(1);
  const [trade] = traded.trades;
  expect(trade).toMatchObject({ tradingsymbol: 'RELIANCE', direction: 'SHORT' });
  expect(trade?.quantity).toBeGreaterThan(0);
  expect(trade?.reason).toMatch(
    /^SHORT trade executed due to bearish sentiment \+ technical weakness: .*RSI overbought at 75 while MACD is bearish and price is below VWAP/,
  );
  expect(traded.fills[0]?.side).toBe('SELL');
});

test('its mirror: RSI 25, MACD bullish, above VWAP, sentiment +0.8: bought', () => {
  const { analysis, traded } = play(reflected(spentRise(), 150_000), 0.8);
  expect(Math.round(analysis.snapshot.rsi14 ?? 0)).toBe(25);
  expect(traded.trades).toHaveLength(1);
  const [trade] = traded.trades;
  expect(trade).toMatchObject({ tradingsymbol: 'RELIANCE', direction: 'LONG' });
  expect(trade?.reason).toMatch(
    /^LONG trade executed due to bullish sentiment \+ technical strength: .*RSI oversold at 25 while MACD is bullish and price is above VWAP/,
  );
  expect(traded.fills[0]?.side).toBe('BUY');
});
