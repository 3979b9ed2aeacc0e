// A paper world over nights. The next session opens with what a session leaves in its books file. A file that
// does not fit is refused unchanged.
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { istInstant } from '../../domain/session/sessionClock';
import { paise, shares } from '../../domain/units';
import type { PaperExchangeOptions } from '../../exchange/options';
import { startPaperExchange } from '../../exchange/start';
import { Account } from '../../exchange/engine/account';
import type { Fill } from '../../exchange/engine/order';
import { overnightOf } from '../../exchange/engine/overnight';
import { listStock, type Listing } from '../../exchange/market/listing';
import { date, infyOrder, startBench, type Bench } from './support';

const nextDate = '2026-11-23';
const newFile = (): string => join(mkdtempSync(join(tmpdir(), 'ratchet-world-')), 'books.json');
const booksIn = (file: string) =>
  JSON.parse(readFileSync(file, 'utf8')) as {
    cash: number;
    date: string;
    closes: Record<string, Record<string, number>>;
  };

const buy = { transaction_type: 'BUY', product: 'CNC' } as const;
const sell = { transaction_type: 'SELL', product: 'CNC' } as const;

/** A two-leg trigger of INFY around its price. */
const trigger = (stop: number, target: number, quantity = 100) => {
  const leg = { transaction_type: 'SELL', product: 'CNC', order_type: 'LIMIT', quantity };
  return {
    trigger_type: 'two-leg',
    tradingsymbol: 'INFY',
    exchange: 'NSE',
    trigger_values: [stop, target],
    last_price: 10,
    orders: [
      { ...leg, price: Math.round(stop * 10 - 1) / 10 },
      { ...leg, price: target },
    ],
  };
};

const triggersOf = ({ kite }: Bench) => kite.getGTTs();

async function session(
  booksFile: string,
  more: Partial<PaperExchangeOptions>,
  act: (bench: Bench) => Promise<void>,
): Promise<void> {
  const bench = await startBench({ booksFile, ...more });
  try {
    await act(bench);
  } finally {
    await bench.paper.close();
  }
}

describe('paper exchange: a world over the night', () => {
  test('cash, shares and triggers go on; a purchase is unsettled for one session', async () => {
    const file = newFile();
    let cash = 0;
    let trigger1 = 0;
    let rows: unknown;
    await session(file, {}, async (bench) => {
      await bench.place({ ...buy, price: 10.1 });
      bench.play(1_000);
      trigger1 = (await bench.kite.placeGTT(trigger(9, 12) as never)).trigger_id;
      const spent = (await bench.kite.placeGTT(trigger(8, 13) as never)).trigger_id;
      await bench.kite.deleteGTT(spent);
      rows = await triggersOf(bench);
      bench.paper.exchange.print('INFY', paise(1_050), 100);
    });
    cash = booksIn(file).cash;
    await session(file, { date: nextDate }, async (bench) => {
      expect(await triggersOf(bench)).toEqual(rows);
      expect(bench.paper.exchange.account.books()).toMatchObject({ openingCash: cash, cash });
      const [holding] = await bench.kite.getHoldings();
      expect(holding).toMatchObject({ tradingsymbol: 'INFY', quantity: 0, t1_quantity: 100 });
      expect(holding?.close_price).toBe(10.5);
      const next = await bench.kite.placeGTT(trigger(8, 13) as never);
      expect(next.trigger_id).toBe(trigger1 + 2);
    });
    await session(file, { date: '2026-11-25' }, async (bench) => {
      expect((await bench.kite.getHoldings())[0]).toMatchObject({ quantity: 100, t1_quantity: 0 });
      for (const quantity of [40, 60]) {
        await bench.place({ ...sell, quantity, price: 10.3 });
        bench.play(1_000);
      }
      // The depository's fee, once for the stock.
      expect(bench.paper.exchange.account.books().fees).toBe(1_534);
    });
    expect(booksIn(file).cash).toBeGreaterThan(cash + 100 * 1_000);
    await session(file, { date: '2026-12-03' }, async (bench) => {
      expect(await bench.kite.getHoldings()).toEqual([]);
      // Deleted more than a week ago, the first is listed no more.
      expect((await triggersOf(bench)).map(({ status }) => status)).toEqual(['active', 'active']);
    });
  });

  test('a trigger lives a year from the day it was placed', async () => {
    const file = newFile();
    await session(file, {}, async (bench) => {
      await bench.kite.placeGTT(trigger(9, 12) as never);
      const [row] = await triggersOf(bench);
      expect(row).toMatchObject({ expires_at: '2027-11-20 00:00:00' });
    });
    const text = readFileSync(file, 'utf8');
    const placed = istInstant(date, '09:30') + 10_000;
    const longAgo = istInstant('2025-11-20', '10:00');
    writeFileSync(file, text.replaceAll(`:${placed}`, `:${longAgo}`));
    await session(file, { date: nextDate }, async (bench) => {
      expect(await triggersOf(bench)).toMatchObject([{ status: 'expired' }]);
    });
  });

  test('what a stop is gapped over by at the open is sold there, at its limit or better, not below', async () => {
    const file = newFile();
    await session(file, {}, async (bench) => {
      await bench.place({ ...buy, price: 10.1 });
      bench.play(1_000);
      await bench.kite.placeGTT(trigger(9, 12) as never);
    });
    await session(file, { date: nextDate, startAt: '09:10' }, async (bench) => {
      bench.paper.exchange.advanceTo(istInstant(nextDate, '09:16'));
      expect(await triggersOf(bench)).toMatchObject([{ status: 'active' }]);
      bench.paper.exchange.print('INFY', paise(850), 10_000);
      bench.play(1_000);
      const [met] = await triggersOf(bench);
      expect(met).toMatchObject({ status: 'triggered' });
      // The limit of the leg, 8.90, is above the market: it rests until the price comes back.
      expect(await bench.kite.getOrders()).toMatchObject([{ status: 'OPEN', price: 8.9 }]);
      bench.paper.exchange.print('INFY', paise(900), 10_000);
      bench.play(1_000);
      expect(await bench.kite.getOrders()).toMatchObject([{ status: 'COMPLETE' }]);
    });
  });

  test('a session that is ended early is played out: intraday positions are squared off by the broker', async () => {
    const file = newFile();
    await session(file, {}, async (bench) => {
      await bench.place({ price: 10.1 });
      bench.play(1_000);
    });
    const { cash } = booksIn(file);
    // Bought and sold around ₹10, the broker's fee of ₹59 paid.
    expect(10_000_000 - cash).toBeGreaterThan(5_900);
    expect(10_000_000 - cash).toBeLessThan(5_900 + 2_000);
    await session(file, { date: nextDate }, async (bench) => {
      expect(await bench.kite.getHoldings()).toEqual([]);
      expect((await bench.kite.getPositions()).net).toEqual([]);
    });
  });

  test('what changes after the close is in the file before it is answered', async () => {
    const file = newFile();
    const bench = await startBench({ booksFile: file });
    bench.paper.exchange.advanceTo(istInstant(date, '15:40'));
    const { trigger_id: id } = await bench.kite.placeGTT(trigger(9, 12) as never);
    expect(JSON.stringify(booksIn(file))).toContain(`"id":${id}`);
    await bench.paper.close();
  });

  test('any session of purchases, sales and triggers opens the next one with the same answers', async () => {
    const step = fc.oneof(
      fc.record({ act: fc.constant('buy' as const), quantity: fc.integer({ min: 1, max: 200 }) }),
      fc.record({ act: fc.constant('sell' as const), quantity: fc.integer({ min: 1, max: 200 }) }),
      fc.record({ act: fc.constant('trigger' as const), quantity: fc.integer({ min: 1, max: 9 }) }),
      fc.record({
        act: fc.constant('print' as const),
        quantity: fc.integer({ min: 95, max: 105 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const file = newFile();
        let triggers: unknown;
        let held: unknown;
        let cash: unknown;
        const holdings = [{ tradingsymbol: 'INFY', quantity: 150, averagePrice: paise(800) }];
        await session(file, { holdings }, async (bench) => {
          for (const { act, quantity } of steps) {
            if (act === 'print') bench.paper.exchange.print('INFY', paise(quantity * 10), 1_000);
            else if (act === 'trigger')
              await bench.kite.placeGTT(trigger(Math.round(90 - quantity) / 10, 12) as never);
            else
              await bench
                .place({ ...(act === 'buy' ? buy : sell), quantity, price: act === 'buy' ? 11 : 9 })
                // More than is held: refused, as at Kite.
                .catch(() => undefined);
            bench.play(1_000);
          }
          triggers = await triggersOf(bench);
          const { data } = (await bench.admin('GET', '/paper/books')).body;
          ({ held, cash } = data);
        });
        await session(file, { date: nextDate, holdings: [] }, async (bench) => {
          expect(await triggersOf(bench)).toEqual(triggers);
          const { data } = (await bench.admin('GET', '/paper/books')).body;
          expect(data).toMatchObject({ held, cash, openingCash: cash, charges: 0, fills: [] });
          const rows = await bench.kite.getHoldings();
          expect(
            Object.fromEntries(
              rows.map((one) => [one.tradingsymbol, one.quantity + one.t1_quantity]),
            ),
          ).toEqual(held);
          const margins = (await bench.kite.getMargins('equity')) as unknown as {
            available: { cash: number };
          };
          expect(Math.round(margins.available.cash * 100)).toBe(cash);
        });
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  test('the same or an earlier date, damage and another universe are refused, and change nothing', async () => {
    const file = newFile();
    await session(file, {}, () => Promise.resolve());
    const kept = readFileSync(file, 'utf8');
    const refusal = (more: Partial<PaperExchangeOptions>, text = kept): Promise<string> => {
      writeFileSync(file, text);
      return startBench({ booksFile: file, ...more }).then(
        () => 'started',
        (error: unknown) => (error instanceof Error ? error.message : ''),
      );
    };
    expect(await refusal({})).toBe(
      `the books file "${file}" has the end of 2026-11-20: only a later session opens with it, not 2026-11-20`,
    );
    expect(await refusal({ date: '2026-11-19' })).toMatch(/only a later session opens with it/);
    expect(await refusal({ date: nextDate, source: { kind: 'generated', seed: 3 } })).toBe(
      `the books file "${file}" is of a world of scripted INFY, VGUARD, not of days generated by seed 3`,
    );
    expect(readFileSync(file, 'utf8')).toBe(kept);
    expect(await refusal({ booksFile: '/nowhere/at/all' })).toMatch(/cannot be written/);
    for (const damaged of [kept.slice(0, -9), '', kept.replace('"cash":', '"cash":1.5,"was":')]) {
      expect(await refusal({ date: nextDate }, damaged)).toMatch(
        /^the books file ".+" is damaged at (its text|cash): /,
      );
      expect(readFileSync(file, 'utf8')).toBe(damaged);
    }
  });
});

describe('paper exchange: a generated world', () => {
  const start = (booksFile: string | undefined, on: string) =>
    startPaperExchange({
      date: on,
      source: { kind: 'generated', seed: 4 },
      speed: 1,
      held: true,
      startAt: '15:20',
      openingCash: paise(10_000_000),
      ...(booksFile === undefined ? {} : { booksFile }),
    });

  test('each session opens around yesterday’s close, and its history is what was played', async () => {
    const file = newFile();
    const first = await start(file, date);
    first.exchange.advanceTo(istInstant(date, '15:40'));
    const played = new Map(
      [...first.exchange.tapes].map(([token, tape]) => [token, [...tape.candles]]),
    );
    await first.close();
    const { closes } = booksIn(file);
    const copy = newFile();
    copyFileSync(file, copy);
    const second = await start(file, nextDate);
    const again = await start(copy, nextDate);
    const opening = ({ exchange }: typeof second) =>
      [...exchange.tapes.keys()].map((token) => exchange.source.openingPrice(token));
    expect(opening(again)).toEqual(opening(second));
    await again.close();
    for (const { listing } of second.exchange.tapes.values()) {
      const { instrumentToken, tradingsymbol, previousClose, band, isIndex } = listing;
      expect(previousClose).toBe(closes[date]?.[tradingsymbol]);
      const from = istInstant(date, '00:00');
      const history = second.exchange.source.history(instrumentToken);
      expect(history.filter(({ at }) => at >= from)).toEqual(played.get(instrumentToken));
      if (isIndex) continue;
      expect((band.lower + band.upper) / 2 / previousClose).toBeCloseTo(1, 2);
      const open = second.exchange.source.openingPrice(instrumentToken) ?? 0;
      expect(Math.abs(open / previousClose - 1)).toBeLessThan(0.08);
    }
    await second.close();
    expect(booksIn(copy)).toEqual(booksIn(file));
    expect(Object.keys(booksIn(file).closes)).toHaveLength(6);
  }, 60_000);
});

test('intraday shares the broker could not square off are delivered; a short is closed out 20 % above', () => {
  const listing = (tradingsymbol: string) =>
    listStock({
      tradingsymbol,
      day: { date, hours: null },
      previousClose: paise(1_000),
      minuteVolume: 1,
    });
  const [long, short] = [listing('INFY'), listing('VGUARD')];
  const account = new Account(paise(1_000_000), date);
  const fill = (side: 'BUY' | 'SELL', of: Listing, quantity: number): Fill => ({
    tradeId: '1',
    orderId: side,
    exchangeOrderId: '',
    listing: of,
    side,
    product: 'MIS',
    quantity: shares(quantity),
    price: paise(1_000),
    at: istInstant(date, '10:00'),
    tag: null,
  });
  account.applyFill(fill('BUY', long, 7));
  account.applyFill(fill('SELL', short, 3));
  const { cash, holdings } = overnightOf(account, () => paise(1_101));
  expect(holdings).toMatchObject([
    { tradingsymbol: 'INFY', quantity: 0, t1Quantity: 7, averagePrice: 1_000 },
  ]);
  // 3 × ₹11.01 × 1.2, rounded up.
  expect(cash).toBe(account.books().cash - 3_964);
});

test('an order of a session has an id no other session gives', async () => {
  const file = newFile();
  const ids: string[] = [];
  for (const on of [date, nextDate]) {
    await session(file, { date: on }, async (bench) => {
      ids.push(await bench.place(infyOrder({ price: 9 })));
    });
  }
  expect(new Set(ids).size).toBe(2);
});
