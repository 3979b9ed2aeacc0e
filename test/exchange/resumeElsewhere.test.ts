// Goal: an exchange on the prices of a market elsewhere is rebuilt from its journal alone, though those prices do not
// come again. Method: any series of calls and ticks with depth; the journal cut at any line gives the books, orders
// and triggers as they were at that line, and again after a second kill.
import * as fc from 'fast-check';
import { istInstant } from '../../domain/session/sessionClock';
import { epochMs, paise, shares, type EpochMs, type Paise } from '../../domain/units';
import type { Exchange } from '../../exchange/engine/exchange';
import type { JournalLine } from '../../exchange/engine/journal';
import { chanceFor, type Chance } from '../../exchange/market/chance';
import type { DistantMarket, MarketSource, Seen, Tick } from '../../exchange/market/source';
import { OldJournal } from '../../exchange/resume/oldJournal';
import { repeat } from '../../exchange/resume/repeat';
import {
  attempt,
  begin,
  dayTicks,
  endOfDay,
  orderTerms,
  sameDay,
  stepsIn,
  symbols,
  unlessRefused,
  type Step,
} from './orderSequences';
import { date } from './support';

const five = [0, 1, 2, 3, 4];

/** Five levels a side; seldom none. */
function depthAround(price: number, chance: Chance): Seen['depth'] {
  if (chance.whole(1, 40) === 1) return { bids: [], asks: [] };
  const spread = chance.whole(0, 2);
  const level = (at: number) => ({ price: paise(at), quantity: chance.whole(1, 900), orders: 1 });
  return {
    bids: five.map((index) => level(price - (spread + index) * 5)),
    asks: five.map((index) => level(price + (spread + index) * 5)),
  };
}

/** The day's ticks, and those of the closing auction, of which the generated day has none. */
const allTicks: readonly Tick[] = [...new Set(dayTicks.map(({ token }) => token))]
  .flatMap((token) => {
    const last = dayTicks.findLast((tick) => tick.token === token);
    if (last === undefined || last.at > istInstant(date, '15:15')) return [];
    return Array.from({ length: 15 }, (_, minute): Tick => {
      const at = epochMs(istInstant(date, '15:16') + minute * 60_000);
      return { ...last, at, price: paise(last.price - minute * 10), quantity: shares(1_000) };
    });
  })
  .concat(dayTicks)
  .toSorted((left, right) => left.at - right.at);

/** The generated day as a broker tells it: with depth that now and then stays, and bands that now and then move. */
const ticks: readonly Tick[] = (() => {
  const told = new Map<number, { seen: Seen; open: Paise; volume: number }>();
  return allTicks.map((tick, index): Tick => {
    const chance = chanceFor(77, `tick/${index}`);
    const { token, price } = tick;
    const before = told.get(token);
    const open = before?.open ?? price;
    const volume = (before?.volume ?? 0) + tick.quantity;
    const stays = before !== undefined && chance.whole(1, 4) === 1;
    const band = {
      lower: paise(price - (price % 5) - 300),
      upper: paise(price - (price % 5) + 300),
    };
    const seen: Seen = {
      depth: stays ? before.seen.depth : depthAround(price, chance),
      day: { open, high: price, low: price, previousClose: open },
      volume: shares(volume),
      band: chance.whole(1, 50) === 1 ? band : null,
    };
    told.set(token, { seen, open, volume });
    const ranged = { ...tick, rangeLow: paise(price - 25), rangeHigh: paise(price + 25) };
    return chance.whole(1, 30) === 1 ? ranged : { ...ranged, seen };
  });
})();

/** The market from an instant on: what was before is gone. */
function elsewhere(from: EpochMs): MarketSource {
  const distant: DistantMarket = {
    isDown: false,
    downListener: () => undefined,
    watch: () => undefined,
    refresh: () => Promise.resolve(),
    openingPrice: ({ dayOpen }) => (dayOpen > 0 ? dayOpen : undefined),
    candles: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
  return { ...sameDay(ticks.filter(({ at }) => at > from)), distant };
}

type Act =
  | Step
  | { readonly kind: 'trigger'; readonly symbol: string; readonly ticksAway: number }
  | { readonly kind: 'iceberg'; readonly symbol: string }
  /** A stop some ticks below the price. */
  | { readonly kind: 'stop'; readonly symbol: string; readonly ticksAway: number }
  /** A live stop goes some ticks down. */
  | { readonly kind: 'trail'; readonly symbol: string; readonly ticksAway: number }
  | { readonly kind: 'print'; readonly symbol: string; readonly ticksAway: number };

const symbol = fc.constantFrom(...symbols);
const ticksAway = fc.integer({ min: 1, max: 12 });
const others: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('trigger' as const), symbol, ticksAway }),
  fc.record({ kind: fc.constant('iceberg' as const), symbol }),
  fc.record({ kind: fc.constant('stop' as const), symbol, ticksAway }),
  fc.record({ kind: fc.constant('trail' as const), symbol, ticksAway }),
  fc.record({ kind: fc.constant('print' as const), symbol, ticksAway }),
);
const acts: fc.Arbitrary<readonly Act[]> = fc
  .tuple(stepsIn(symbols), fc.array(others, { minLength: 5, maxLength: 25 }), fc.integer())
  .map(([steps, more, seed]) => {
    const mixed: Act[] = [...steps];
    more.forEach((act, index) => {
      mixed.splice(chanceFor(seed, `place/${index}`).whole(0, mixed.length), 0, act);
    });
    // Most orders are at the exchange before the next act, some are on their way.
    return mixed.flatMap((act, index): Act[] => {
      const ms = chanceFor(seed, `wait/${index}`).whole(-100, 2_000);
      return ms <= 0 ? [act] : [act, { kind: 'wait', ms }];
    });
  });

function make(exchange: Exchange, act: Exclude<Act, Step>): void {
  const { symbol: name } = act;
  const { lastPrice, listing } = exchange.tape(name);
  if (act.kind === 'iceberg') {
    const asked = { orderType: 'MARKET', quantity: shares(2_000), variety: 'iceberg' } as const;
    exchange.placeIceberg(orderTerms(name, { ...asked, icebergLegs: 4 }));
    return;
  }
  const away = act.ticksAway * listing.tickSize;
  if (act.kind === 'stop') {
    const triggerPrice = paise(lastPrice - away);
    const stop = { side: 'SELL', product: 'MIS', orderType: 'SL', triggerPrice } as const;
    exchange.place(orderTerms(name, { ...stop, price: paise(triggerPrice - 50) }));
    return;
  }
  if (act.kind === 'trail') {
    const stop = exchange.desk.allLive().find(({ orderType }) => orderType === 'SL');
    if (stop === undefined) return;
    const [price, triggerPrice] = [paise(stop.price - away), paise(stop.triggerPrice - away)];
    exchange.modify(stop.orderId, { price, triggerPrice });
    return;
  }
  if (act.kind === 'print') {
    const price = paise(lastPrice - (lastPrice % listing.tickSize) + away);
    const body = JSON.stringify({ tradingsymbol: name, price: price / 100, volume: 50 });
    exchange.noteCall('POST /paper/price', body, name);
    exchange.print(name, price, 50);
    return;
  }
  const legs = [-away, away].map((distance) => ({
    triggerPrice: paise(lastPrice + distance),
    terms: orderTerms(name, { price: paise(lastPrice + distance) }),
  }));
  exchange.gtts.place({ tradingsymbol: name, lastPrice, legs });
}

interface Life {
  readonly exchange: Exchange;
  readonly journal: JournalLine[];
}

const isStep = (act: Act): act is Step =>
  !['trigger', 'iceberg', 'stop', 'trail', 'print'].includes(act.kind);

/** Goes on with these acts to the day's end, or until what makes this many lines has been done. */
function live({ exchange, journal }: Life, all: readonly Act[], lines = Infinity): void {
  const until = (at: EpochMs): void => {
    while (journal.length < lines && exchange.playNext(at));
    if (journal.length < lines) exchange.advanceTo(at);
  };
  for (const act of all) {
    if (journal.length >= lines) return;
    if (act.kind === 'wait') until(epochMs(exchange.now + act.ms));
    else if (isStep(act)) attempt(exchange, act);
    else unlessRefused(() => make(exchange, act));
  }
  until(endOfDay);
}

function firstLife(all: readonly Act[], lines = Infinity): Life {
  const journal: JournalLine[] = [];
  const from = istInstant(date, '09:20');
  const exchange = begin((line) => journal.push(line), { source: elsewhere(from) });
  // Every stock has been heard of.
  exchange.advanceTo(istInstant(date, '09:22'));
  const life = { exchange, journal };
  live(life, all, lines);
  return life;
}

const textOf = (journal: readonly JournalLine[]): string =>
  journal.map((line) => `${JSON.stringify(line)}\n`).join('');

/** What the journal has of a life, and the market after a time of which nothing is known. */
function rebuilt(lines: readonly JournalLine[], downMs: number): Life {
  const old = new OldJournal('journal', textOf(lines));
  const journal = [...lines];
  const last = epochMs(lines.at(-1)?.marketAt ?? 0);
  const exchange = begin((line) => old.meet(line) || journal.push(line), {
    source: elsewhere(epochMs(last + downMs)),
    recall: (what, at) => old.tapesOf(what, at),
  });
  repeat(exchange, old);
  return { exchange, journal };
}

/** A life that ended with these lines, gone on with. */
function secondLife(
  lines: readonly JournalLine[],
  { downMs, all }: { readonly downMs: number; readonly all: readonly Act[] },
  stop = Infinity,
): Life {
  const life = rebuilt(lines, downMs);
  life.exchange.resumeAt(epochMs(life.exchange.now + downMs));
  live(life, all, stop);
  return life;
}

function expectSame(left: Life, right: Life): void {
  expect(textOf(left.journal)).toBe(textOf(right.journal));
  expect(left.exchange.account.books()).toEqual(right.exchange.account.books());
  expect(left.exchange.account.positions()).toEqual(right.exchange.account.positions());
  expect(left.exchange.desk.all()).toEqual(right.exchange.desk.all());
  expect(left.exchange.gtts.state()).toEqual(right.exchange.gtts.state());
}

const cutOf = (journal: readonly JournalLine[], thousandths: number): number =>
  1 + Math.floor((thousandths * (journal.length - 1)) / 1_000);
const thousandths = fc.integer({ min: 0, max: 1_000 });
const downMs = fc.integer({ min: 1, max: 3_600_000 });

test('cut at any line, the journal gives what was at that line; so it does after a second kill', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(
      fc.record({ before: acts, after: acts, first: thousandths, second: thousandths, downMs }),
      ({ before, after, first, second, downMs: down }) => {
        const whole = firstLife(before);
        for (const { kind } of whole.journal) seen.set(kind, (seen.get(kind) ?? 0) + 1);
        const cut = cutOf(whole.journal, first);
        const lines = whole.journal.slice(0, cut);
        expectSame(rebuilt(lines, down), firstLife(before, cut));

        const next = { downMs: down, all: after };
        const story = secondLife(lines, next).journal;
        expect(textOf(story.slice(0, cut))).toBe(textOf(lines));
        const goneOn = story.findIndex(({ kind }) => kind === 'resumed') + 1;
        const again = Math.max(goneOn, cutOf(story, second));
        expectSame(rebuilt(story.slice(0, again), 1), secondLife(lines, next, again));
      },
    ),
    { numRuns: 20, seed: 20_261_127, endOnFailure: true },
  );
  for (const kind of ['place', 'modify', 'fill', 'final', 'gtt', 'admin', 'look', 'tick'])
    expect(seen.get(kind)).toBeGreaterThan(20);
}, 600_000);

test('a tape that cannot be read is named by its line', () => {
  const { journal } = firstLife([{ kind: 'stop', symbol: 'RELIANCE', ticksAway: 9 }], 3);
  const damaged = journal.map((line) => ('tapes' in line ? { ...line, tapes: '[{' } : line));
  const number = damaged.findIndex((line) => 'tapes' in line) + 1;
  expect(() => rebuilt(damaged, 1)).toThrow(`line ${number} of journal cannot be played again: `);
});

describe('an order in the closing auction', () => {
  const untilMs = (time: string): number => istInstant(date, time) - istInstant(date, '09:22');
  const bid = { kind: 'place', side: 'BUY', type: 'LIMIT', product: 'CNC', ioc: false } as const;
  const day: readonly Act[] = [
    { kind: 'wait', ms: untilMs('15:21') },
    { ...bid, symbol: 'RELIANCE', quantity: 10, ticksAway: 20 },
    { ...bid, symbol: 'TATASTEEL', quantity: 20, ticksAway: 200 },
  ];
  const isAuction = ({ what }: JournalLine): boolean => what === 'the closing auction';

  test('trades again at the price it had, wherever the journal was cut', () => {
    const { journal } = firstLife(day);
    const fills = journal.filter(({ kind }) => kind === 'fill').map(({ at }) => at);
    expect(fills).toEqual(['2026-11-20 15:31:00.000', '2026-11-20 15:31:00.000']);
    for (let lines = 1; lines <= journal.length; lines += 1)
      expectSame(rebuilt(journal.slice(0, lines), 1), firstLife(day, lines));
  });

  test('does not trade in one that everything was down for', () => {
    const { journal } = firstLife(day);
    const lines = journal.slice(0, journal.findIndex(isAuction));
    const { exchange } = secondLife(lines, { downMs: 11 * 60_000, all: [] });
    expect(exchange.account.fills).toEqual([]);
    expect(exchange.desk.all().map(({ status }) => status)).toEqual(['CANCELLED', 'CANCELLED']);
  });
});
