// The market: list of stocks, quotes, history, and the feed.
import assert from 'node:assert/strict';
import type { OrderReport } from '../../domain/orders/order';
import { addDays } from '../../domain/session/calendar';
import { istInstant } from '../../domain/session/sessionClock';
import { BrokerFailure } from '../failure';
import type { FeedOptions, FeedTick, ListedStock, OrderUpdate } from '../port';
import type { ContractCases, Venue } from './venue';
import { limit, place, priceAt, request, tag } from './requests';

async function stockOf({ broker, stock }: Venue): Promise<ListedStock> {
  const found = (await broker.listing()).find((one) => one.tradingsymbol === stock.symbol);
  assert.ok(found, `${stock.symbol} is not listed`);
  return found;
}

/** Waits for a message of the feed. @throws AssertionError after a generous while. */
async function heard(condition: () => boolean, meanwhile: () => void): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'the feed did not tell within 30 s');
    meanwhile();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A feed that has connected, with what it has told. */
async function listening(
  venue: Venue,
  options: FeedOptions = { detail: false },
): Promise<{
  ticks: FeedTick[];
  updates: OrderUpdate[];
  subscribe: (tokens: readonly number[]) => void;
  stop: () => Promise<void>;
}> {
  const ticks: FeedTick[] = [];
  const updates: OrderUpdate[] = [];
  let isConnected = false;
  const feed = venue.openFeed(
    {
      ticks: (told) => ticks.push(...told),
      orderUpdate: (told) => updates.push(told),
      connected: () => (isConnected = true),
      lost: () => undefined,
    },
    options,
  );
  await heard(
    () => isConnected,
    () => undefined,
  );
  return {
    ticks,
    updates,
    subscribe: (tokens) => feed.subscribe(tokens),
    stop: () => feed.stop(),
  };
}

export const marketCases: ContractCases = {
  M1: {
    holds: 'The list of stocks has the tick size and the instrument’s number, and no garbage.',
    run: async (venue) => {
      const { tickSize, instrumentToken } = await stockOf(venue);
      assert.equal(tickSize, venue.stock.tick);
      assert.ok(Number.isInteger(instrumentToken) && instrumentToken > 0);
      assert.ok((await venue.broker.underlyings()).has(venue.stock.symbol));
    },
  },
  M2: {
    holds: 'A quote has last price, band, bid, ask and depth; an unknown stock is absent.',
    run: async ({ broker, stock }) => {
      const quotes = await broker.quotes([stock.symbol, 'NOSUCHSTOCK']);
      assert.deepEqual([...quotes.keys()], [stock.symbol]);
      const quote = quotes.get(stock.symbol);
      assert.ok(quote);
      assert.equal(quote.lastPrice, stock.price);
      assert.ok(quote.band.lower < stock.price && stock.price < quote.band.upper);
      assert.ok(quote.bid !== null && quote.ask !== null && quote.bid < quote.ask);
      const { bids, asks } = quote.depth;
      assert.deepEqual([bids[0]?.price, asks[0]?.price], [quote.bid, quote.ask]);
      assert.ok([...bids, ...asks].every(({ quantity, orders }) => quantity > 0 && orders > 0));
    },
  },
  M3: {
    holds: 'History comes as minute candles, oldest first, each at the start of its minute.',
    run: async (venue) => {
      const { instrumentToken } = await stockOf(venue);
      const from = istInstant(venue.date, '09:15');
      const to = istInstant(venue.date, '15:30');
      const candles = await venue.broker.history({ instrumentToken, from, to });
      assert.ok(candles.length > 0);
      for (const [index, { at, open, high, low, close }] of candles.entries()) {
        assert.equal(at % 60_000, 0);
        assert.ok(at >= from && at <= to && at > (candles[index - 1]?.at ?? 0));
        assert.ok(low <= Math.min(open, close) && high >= Math.max(open, close));
      }
    },
  },
  M4: {
    holds: 'The feed tells the price of what was subscribed, with the day’s volume and an instant.',
    run: async (venue) => {
      const { instrumentToken } = await stockOf(venue);
      const feed = await listening(venue);
      try {
        feed.subscribe([instrumentToken]);
        const wanted = priceAt(venue, 3);
        await heard(
          () => feed.ticks.some(({ price }) => price === wanted),
          () => venue.tradeAt(wanted, 10),
        );
        const tick = feed.ticks.find(({ price }) => price === wanted);
        assert.equal(tick?.token, instrumentToken);
        assert.ok(tick.volume >= 10 && tick.at > 0 && tick.detail === undefined);
      } finally {
        await feed.stop();
      }
    },
  },
  M5: {
    holds:
      'The feed tells of an order’s fill by its tag, unasked, with how many shares at what average price.',
    run: async (venue) => {
      const feed = await listening(venue);
      try {
        const order = request(venue, limit(venue, 20));
        const orderId = await place(venue, order);
        const filled = (): readonly OrderReport[] =>
          feed.updates
            .flatMap(({ report }) => report ?? [])
            .filter((report) => report.filledQuantity === order.quantity);
        await heard(
          () => filled().length > 0,
          () => undefined,
        );
        const [report] = filled();
        assert.deepEqual([report?.orderId, report?.tag, report?.side], [orderId, tag, order.side]);
        assert.ok((report?.averagePrice ?? 0) > 0);
      } finally {
        await feed.stop();
      }
    },
  },
  M6: {
    holds: 'A feed opened for it tells depth, best first, and the day’s prices with each tick.',
    run: async (venue) => {
      const { instrumentToken } = await stockOf(venue);
      const feed = await listening(venue, { detail: true });
      try {
        feed.subscribe([instrumentToken]);
        const wanted = priceAt(venue, 3);
        await heard(
          () => feed.ticks.some(({ price }) => price === wanted),
          () => venue.tradeAt(wanted, 10),
        );
        const detail = feed.ticks.find(({ price }) => price === wanted)?.detail;
        assert.ok(detail);
        const { bids, asks } = detail.depth;
        const rising = [...bids.toReversed(), ...asks];
        assert.ok(bids.length > 0 && asks.length > 0);
        for (const [index, { price, quantity }] of rising.entries())
          assert.ok(quantity > 0 && price > (rising[index - 1]?.price ?? 0));
        assert.ok(detail.day.high >= wanted && detail.day.previousClose > 0);
      } finally {
        await feed.stop();
      }
    },
  },
  M7: {
    holds:
      'A span as long as one request may ask is answered, with candles of that span alone; a longer one is refused.',
    run: async (venue) => {
      const { instrumentToken } = await stockOf(venue);
      const { historyDaysAtOnce: days } = venue.broker.capabilities.reads;
      const to = istInstant(venue.date, '23:59');
      const from = istInstant(addDays(venue.date, 1 - days), '00:00');
      const all = await venue.broker.history({ instrumentToken, from, to });
      assert.ok(all.length > 0 && all.every(({ at }) => at >= from && at <= to));
      const [{ at: first } = { at: from }] = all;
      const one = await venue.broker.history({ instrumentToken, from: first, to: first });
      assert.deepEqual(one, all.slice(0, 1));
      const longer = {
        instrumentToken,
        from: istInstant(addDays(venue.date, -days - 1), '00:00'),
        to,
      };
      await assert.rejects(
        venue.broker.history(longer),
        (error) => error instanceof BrokerFailure && error.kind === 'refused',
      );
    },
  },
};
