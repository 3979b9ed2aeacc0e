// What Kite allows. Sources: docs/kite.md.
import type { BrokerCapabilities } from '../port';

export const kiteCapabilities: BrokerCapabilities = {
  modificationsMax: 25,
  tag: {
    lengthMax: 20,
    alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  },
  oneCancelsOther: true,
  marketProtection: true,
  // Kite allows 10, 400 and 5,000. The second is used whole: a write too many in it is turned away unlooked
  // at and sent again. Minute and day leave another terminal of the account some room.
  writes: { perSecond: 10, perMinute: 390, perDay: 4_800 },
  reads: {
    // A reading takes three of the ten requests a second.
    booksEveryMs: 350,
    quotesAtOnce: 500,
    quotesEveryMs: 1_100,
    historyEveryMs: 345,
    historyDaysAtOnce: 60,
  },
};
