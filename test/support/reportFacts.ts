// What a day's report is made from, small enough to write down.
import type { DayFacts, TradeFacts } from '../../activities/reports';
import { istInstant } from '../../domain/session/sessionClock';
import { paise, shares } from '../../domain/units';
import { positionTerms } from './positionTerms';

const at = istInstant('2026-11-20', '10:00');
const { intent } = positionTerms();
const candle = {
  ...{ at, open: paise(100), high: paise(110), low: paise(90), close: paise(105) },
  volume: shares(5),
};
const trade: TradeFacts = {
  intent,
  view: {
    ...{ intentId: 'R1T1', tradingsymbol: 'TEST', direction: 'LONG', phase: 'closed' },
    ...{ quantity: shares(10), entryPrice: paise(1_000), exitPrice: paise(1_010) },
    ...{ desiredStop: null, confirmedStop: paise(900), target: paise(1_200), ltp: paise(1_010) },
    ...{ pnl: paise(100), exitReason: 'target', reason: 'test', modifications: 0 },
  },
  fills: [
    { at, side: 'BUY', quantity: 10, price: paise(1_000) },
    { at: istInstant('2026-11-20', '14:20'), side: 'SELL', quantity: 10, price: paise(1_010) },
  ],
  levels: [{ at, stop: paise(900), target: paise(1_200) }],
  candles: ['09:15', '10:40', '12:05', '15:10'].map((time) => ({
    ...candle,
    at: istInstant('2026-11-20', time),
  })),
  ...{ grossPnl: paise(100), charges: paise(10), netPnl: paise(90) },
};
/** One trade of a day, with something in every section. */
export const reportFacts: DayFacts = {
  ...{ mode: 'paper', account: 'account', date: '2026-11-20' },
  trades: [trade],
  carried: [trade],
  ...{ grossPnl: paise(100), charges: paise(10), netPnl: paise(90) },
  ...{ openingCash: paise(1), closingCash: paise(2), ledgerSum: paise(0) },
  strategies: [
    {
      name: '<script>mine</script>',
      hash: 'f00d',
      values: { side: '<script>both</script>' },
      weights: { trending: 1, ranging: 1, volatile: 1 },
    },
  ],
  endOfDay: {
    findings: 1,
    charges: { kind: 'unread', why: 'no answer' },
    cash: { kind: 'unread', why: 'no answer' },
  },
  decisions: { LONG: 1, '<script>decided</script>': 2 },
  alerts: [{ id: 'a', type: 'trade.opened', delivered: true }],
  news: {
    passes: 2,
    failures: [{ source: 'Mint', times: 1, first: at, last: at, why: 'sent HTML' }],
    stale: [],
    stocks: [
      {
        tradingsymbol: 'INFY',
        views: [{ asOf: at, score: 0.5, confidence: 0.5 }],
        evidence: [{ at, words: 'slumps' }],
        prices: [{ at, close: paise(100) }],
      },
    ],
    withoutNews: ['TCS'],
  },
  feed: {
    tickFaults: { '<script>fault</script>': 1 },
    withHoles: ['SBIN'],
    comparedStocks: 1,
    comparedMinutes: 1,
    differences: [{ tradingsymbol: 'INFY', at, fields: ['high'], ours: candle, broker: null }],
  },
  audit: [{ account: 'account', position: 1, hash: 'ab' }],
};
