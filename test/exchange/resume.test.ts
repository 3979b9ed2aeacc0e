// An exchange that was killed is rebuilt from its journal: cut anywhere, it gives the same books, and nobody who
// comes back to it can tell.
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { epochMs, paise, shares, type EpochMs } from '../../domain/units';
import type { Exchange } from '../../exchange/engine/exchange';
import type { JournalLine } from '../../exchange/engine/journal';
import type { OrderTerms } from '../../exchange/engine/order';
import type { PaperExchangeOptions } from '../../exchange/options';
import { OldJournal } from '../../exchange/resume/oldJournal';
import { repeat } from '../../exchange/resume/repeat';
import { anySteps, attempt, begin, endOfDay, orderTerms, type Step } from './orderSequences';
import { startBench, type Bench } from './support';

const textOf = (journal: readonly JournalLine[]): string =>
  journal.map((line) => `${JSON.stringify(line)}\n`).join('');

interface Life {
  readonly exchange: Exchange;
  readonly journal: readonly JournalLine[];
}

/** A day with these steps, and how far it was after each. */
function wholeDay(steps: readonly Step[]): Life & { readonly after: readonly Mark[] } {
  const journal: JournalLine[] = [];
  const exchange = begin((line) => journal.push(line));
  const after = steps.map((step) => {
    attempt(exchange, step);
    return { step, lines: journal.length, now: exchange.now };
  });
  exchange.advanceTo(endOfDay);
  return { exchange, journal, after };
}

interface Mark {
  readonly step: Step;
  readonly lines: number;
  readonly now: EpochMs;
}

/** Rebuilds the exchange from what is left of the text. */
function resumed(text: string): Life {
  const old = new OldJournal('journal', text);
  const journal = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JournalLine);
  const exchange = begin((line) => {
    if (!old.meet(line)) journal.push(line);
  });
  repeat(exchange, old);
  return { exchange, journal };
}

describe('an exchange that was killed', () => {
  test('goes on to the same books and the same journal, wherever the journal was cut', () => {
    let kept = 0;
    fc.assert(
      fc.property(anySteps, fc.integer({ min: 0, max: 1_000 }), (steps, thousandths) => {
        const whole = wholeDay(steps);
        const text = textOf(whole.journal);
        const cut = text.slice(0, Math.floor((thousandths * text.length) / 1_000));
        const life = resumed(cut.slice(0, cut.lastIndexOf('\n') + 1));
        const lines = cut.split('\n').length - 1;
        kept += lines;
        // What was not recorded was not answered: whoever asked asks again.
        for (const mark of whole.after.filter((one) => one.lines > lines)) {
          life.exchange.advanceTo(mark.now);
          if (mark.step.kind !== 'wait') attempt(life.exchange, mark.step);
        }
        life.exchange.advanceTo(endOfDay);
        expect(textOf(life.journal)).toBe(text);
        expect(life.exchange.account.books()).toEqual(whole.exchange.account.books());
        expect(life.exchange.desk.all()).toEqual(whole.exchange.desk.all());
      }),
      { numRuns: 30, seed: 20_261_127 },
    );
    expect(kept).toBeGreaterThan(200);
  });

  test('is refused by the line that does not come again', () => {
    const { journal } = wholeDay([
      {
        kind: 'place',
        symbol: 'RELIANCE',
        side: 'BUY',
        type: 'MARKET',
        quantity: 10,
        ticksAway: 0,
        product: 'MIS',
        ioc: false,
      },
      { kind: 'wait', ms: 60_000 },
    ]);
    const at = journal.findIndex(({ kind }) => kind === 'fill');
    const other = journal.map((line, index) => (index === at ? { ...line, price: 1 } : line));
    expect(() => resumed(textOf(other))).toThrow(`line ${at + 1} of journal says price 1 (fill)`);
    expect(() => resumed('{"at":1}\n')).toThrow('line 1 of journal is no line of a journal');
    const without = journal.filter((_, index) => index !== at);
    expect(() => resumed(textOf(without))).toThrow(`line ${at + 1} of journal says kind`);
  });

  test('has its triggers, icebergs, terminal orders and calls by hand again', () => {
    const { exchange, journal } = ofAllKinds();
    const life = resumed(textOf(journal));
    expect(life.exchange.gtts.all()).toEqual(exchange.gtts.all());
    expect(life.exchange.desk.all()).toEqual(exchange.desk.all());
    expect(exchange.desk.all().map(({ placer }) => placer)).toEqual(
      expect.arrayContaining(['client', 'terminal', 'gtt']),
    );
    expect(exchange.desk.all().filter(({ iceberg }) => iceberg !== null).length).toBeGreaterThan(1);
  });
});

/** A life with every kind of request. */
function ofAllKinds(): Life {
  const journal: JournalLine[] = [];
  const exchange = begin((line) => journal.push(line));
  const wait = (): void => exchange.advanceTo(epochMs(exchange.now + 30_000));
  const { lastPrice } = exchange.tape('TATASTEEL');
  const near = (pct: number): OrderTerms['price'] =>
    paise(Math.round((lastPrice * (100 + pct)) / 500) * 5);
  const terms = orderTerms('TATASTEEL', { orderType: 'MARKET', quantity: shares(100) });
  exchange.place(terms, 'terminal');
  exchange.placeIceberg({ ...terms, quantity: shares(2_000), variety: 'iceberg', icebergLegs: 4 });
  wait();
  const legs = [-4, 4].map((pct) => ({
    triggerPrice: near(pct),
    terms: { ...terms, side: 'SELL' as const, orderType: 'LIMIT' as const, price: near(pct) },
  }));
  const wish = { tradingsymbol: 'TATASTEEL', lastPrice, legs };
  const { id } = exchange.gtts.place(wish);
  exchange.gtts.modify(id, { ...wish, legs: legs.slice(0, 1) });
  exchange.gtts.delete(exchange.gtts.place(wish).id);
  const body = { tradingsymbol: 'TATASTEEL', price: near(-5) / 100 };
  exchange.noteCall('POST /paper/price', JSON.stringify(body));
  exchange.print('TATASTEEL', near(-5), exchange.tape('TATASTEEL').listing.minuteVolume);
  wait();
  return { exchange, journal };
}

describe('the served exchange with --resume', () => {
  const benches: Bench[] = [];
  const start = async (options: Partial<PaperExchangeOptions>): Promise<Bench> => {
    const bench = await startBench(options);
    benches.push(bench);
    return bench;
  };
  afterEach(async () => {
    for (const { paper } of benches.splice(0)) await paper.close();
  });
  const newJournal = (): string =>
    join(mkdtempSync(join(tmpdir(), 'ratchet-journal-')), 'journal.jsonl');

  /** A position with its stop, and a price moved by hand; then the plug is pulled. */
  async function killed(journalPath: string): Promise<Bench> {
    const bench = await start({ journalPath });
    await bench.admin('POST', '/paper/clock/advance', { ms: 60_000 });
    await bench.place({ order_type: 'MARKET', market_protection: 3 });
    await bench.admin('POST', '/paper/clock/advance', { ms: 1_000 });
    await bench.place({
      order_type: 'SL',
      transaction_type: 'SELL',
      trigger_price: 9.5,
      price: 9.4,
    });
    await bench.admin('POST', '/paper/price', { tradingsymbol: 'INFY', price: 10.5 });
    await bench.admin('POST', '/paper/clock/advance', { ms: 10_000 });
    return bench;
  }

  test('shows the same books, orders and price, and its stop is met', async () => {
    const journalPath = newJournal();
    const before = await killed(journalPath);
    const books = (await before.admin('GET', '/paper/books')).body.data;
    const orders = await before.kite.getOrders();
    const clock = (await before.admin('GET', '/paper/clock')).body.data;
    const text = readFileSync(journalPath, 'utf8');
    appendFileSync(journalPath, '{"at":"2026-11-20 09:3');

    const after = await start({ journalPath, resume: true });

    expect((await after.admin('GET', '/paper/books')).body.data).toEqual(books);
    expect(await after.kite.getOrders()).toEqual(orders);
    expect((await after.admin('GET', '/paper/clock')).body.data).toMatchObject({
      held: true,
      marketAt: clock['marketAt'],
    });
    expect(readFileSync(journalPath, 'utf8')).toBe(text);
    expect(after.paper.exchange.tape('INFY').lastPrice).toBe(1_050);
    await after.admin('POST', '/paper/price', { tradingsymbol: 'INFY', price: 9.45 });
    await after.admin('POST', '/paper/clock/advance', { ms: 10_000 });
    const [, stop] = await after.kite.getOrders();
    expect(stop).toMatchObject({ status: 'COMPLETE', filled_quantity: 100 });
  });

  test('a clock that ran has gone on: the market is where it would have been', async () => {
    const journalPath = newJournal();
    const before = await start({ journalPath, speed: 60 });
    await before.admin('POST', '/paper/clock/start');
    await before.place({ price: 9, order_type: 'LIMIT' });
    const relation = (await before.admin('GET', '/paper/clock')).body.data;
    await before.paper.close();
    benches.splice(0);

    const after = await start({ journalPath, speed: 60, resume: true });

    const now = (await after.admin('GET', '/paper/clock')).body.data;
    expect(now).toMatchObject({
      held: false,
      marketAt: relation['marketAt'],
      hostAt: relation['hostAt'],
    });
  });

  test.each([
    ['another amount of cash', { openingCash: paise(1) }, 'says openingCash 10000000 (session)'],
    ['another date', { date: '2026-11-23' }, 'says date 2026-11-20 (session)'],
    ['another speed', { speed: 2 }, 'is of speed 1, but --speed is 2'],
    ['a faults file', { script: [{ kind: 'slow' }] }, '--resume cannot go with --faults'],
    ['the books of a world', { booksFile: 'books.json' }, '--resume cannot go with --books'],
    [
      'other stocks',
      { source: { kind: 'scripted', instruments: [{ tradingsymbol: 'TCS', price: 10 }] } },
      'was accepted then and is refused now',
    ],
  ] as const)('refuses %s in a sentence', async (_what, options, why) => {
    const journalPath = newJournal();
    await killed(journalPath);
    const text = readFileSync(journalPath, 'utf8');
    await expect(start({ journalPath, resume: true, ...options })).rejects.toThrow(why);
    expect(readFileSync(journalPath, 'utf8')).toBe(text);
  });

  test('refuses a journal that is not there, and one that nobody names', async () => {
    await expect(start({ journalPath: newJournal(), resume: true })).rejects.toThrow(
      'cannot be read',
    );
    await expect(start({ resume: true })).rejects.toThrow('--resume needs --journal FILE');
  });

  test('refuses a journal in which an order was struck by a fault', async () => {
    const journalPath = newJournal();
    const bench = await killed(journalPath);
    await bench.admin('POST', '/paper/faults', { kind: 'reject-order', times: 1 });
    await bench.place({ price: 9, order_type: 'LIMIT' });
    await bench.admin('POST', '/paper/clock/advance', { ms: 1_000 });
    await expect(start({ journalPath, resume: true })).rejects.toThrow('(fault at');
    writeFileSync(journalPath, '');
    expect((await start({ journalPath, resume: true })).paper.exchange.desk.all()).toEqual([]);
  });
});
