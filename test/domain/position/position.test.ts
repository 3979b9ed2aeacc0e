// Goal: a position is entered once, protected whenever something is held, and left completely, whatever the
// broker answers. Method: the machine drives a simulated broker through random prices and write outcomes. The
// checks look at the broker's orders, not at the machine's state.
import fc from 'fast-check';
import {
  apply,
  checkTighten,
  exitReasonOf,
  initialState,
  isClosed,
  nextCommand,
  viewOf,
  type PositionState,
  type PositionTerms,
} from '../../../domain/position';
import { epochMs, paise, shares, type EpochMs, type Shares } from '../../../domain/units';
import { positionTerms } from '../../support/positionTerms';
import { SimulatedBroker, type Draw, type SimulatedOrder } from '../../support/simulatedBroker';

const termsFor = (direction: 'LONG' | 'SHORT'): PositionTerms =>
  positionTerms(
    { direction, entryLimit: paise(direction === 'LONG' ? 1010 : 990) },
    {
      timing: { entryLifeMs: 2_000, rereadMs: 1_000, repriceMs: 500, stopDoubtMs: 800 },
      squareOffAt: epochMs(60_000),
      cutOffAt: epochMs(90_000),
    },
  );

const exitSide = (terms: PositionTerms): 'BUY' | 'SELL' =>
  terms.intent.direction === 'LONG' ? 'SELL' : 'BUY';
const entrySide = (terms: PositionTerms): 'BUY' | 'SELL' =>
  terms.intent.direction === 'LONG' ? 'BUY' : 'SELL';

/** The machine against a broker, one step of virtual time at a time. */
class Session {
  state: PositionState = initialState;
  now = 0;
  entriesSent = 0;
  seq = 0;

  readonly terms: PositionTerms;
  readonly broker: SimulatedBroker;

  constructor(terms: PositionTerms, broker: SimulatedBroker) {
    this.terms = terms;
    this.broker = broker;
  }

  /** Carries out commands until the machine waits. */
  settle(): void {
    for (let steps = 0; steps < 50; steps += 1) {
      const command = nextCommand(this.terms, this.state, this.#at());
      if (command.kind === 'wait') return;
      this.#carryOut(command);
      if (isClosed(this.state)) return;
    }
    throw new Error(
      `the machine does not come to rest: ${JSON.stringify(nextCommand(this.terms, this.state, this.#at()))}`,
    );
  }

  #carryOut(command: ReturnType<typeof nextCommand>): void {
    const at = this.#at();
    switch (command.kind) {
      case 'sendEntry':
        this.entriesSent += 1;
        this.state = apply(this.terms, this.state, { kind: 'entrySending' });
        this.state = apply(this.terms, this.state, {
          kind: 'entryAnswered',
          outcome: this.broker.place(command.order),
          at,
        });
        return;
      case 'placeExit':
        this.state = apply(this.terms, this.state, {
          kind: 'exitAnswered',
          order: command.order,
          outcome: this.broker.place(command.order),
          at,
        });
        return;
      case 'modifyExit':
        this.state = apply(this.terms, this.state, {
          kind: 'modifyAnswered',
          orderId: command.orderId,
          order: command.order,
          outcome: this.broker.modify(command.orderId, command.order),
          at,
        });
        return;
      case 'cancel':
        this.broker.cancel(command.orderId);
        this.state = apply(this.terms, this.state, { kind: 'cancelAnswered' });
        return;
      case 'readBooks':
        this.state = apply(this.terms, this.state, {
          kind: 'booksRead',
          news: command.news,
          reading: this.#books(at),
        });
        return;
      case 'wantExit':
        this.state = apply(this.terms, this.state, {
          kind: 'exitWanted',
          reason: command.reason,
          at,
        });
        return;
      case 'carry':
        throw new Error('an intraday position is never carried');
      case 'finish':
        this.state = apply(this.terms, this.state, { kind: 'finished' });
        return;
      case 'wait':
        return;
    }
  }

  /** A tick: the broker matches, the position hears of the price and settles. */
  tick(price: number, advanceMs = 250): void {
    this.now += advanceMs;
    this.broker.move(price);
    this.seq += 1;
    this.state = apply(this.terms, this.state, {
      kind: 'crossed',
      epoch: 0,
      seq: this.seq,
      path: [paise(price)],
      at: this.#at(),
    });
    this.state = apply(this.terms, this.state, { kind: 'hinted' });
    this.settle();
  }

  #at(): EpochMs {
    return epochMs(this.now);
  }

  #books(at: EpochMs): NonNullable<PositionState['books']> {
    const row = (order: SimulatedOrder): NonNullable<PositionState['books']>['orders'][number] => ({
      orderId: order.orderId,
      tag: order.tag,
      tradingsymbol: 'TEST',
      side: order.side,
      product: 'MIS',
      orderType: order.type,
      status: order.status,
      statusMessage: null,
      quantity: shares(order.quantity),
      filledQuantity: shares(order.filled),
      price: paise(order.price),
      trigger: paise(order.trigger),
      placedAt: epochMs(0),
    });
    const fills = this.broker.fills.map((fill) => ({
      ...fill,
      quantity: shares(fill.quantity),
      price: paise(fill.price),
      at,
    }));
    // Listed twice, as a broker might. Each trade still counts once.
    return {
      orders: this.broker.orders.map(row),
      fills: [...fills, ...fills],
      ltp: paise(this.broker.price),
      foreign: this.broker.foreign.map((fill) => ({
        ...fill,
        quantity: shares(fill.quantity),
        price: paise(fill.price),
        at,
      })),
      othersSelling: shares(0),
      netQuantity: this.broker.net as Shares,
      at,
    };
  }
}

const calm: Draw = { write: () => 'ok', share: () => 1 };
const start = (direction: 'LONG' | 'SHORT', draw: Draw = calm): Session => {
  const session = new Session(termsFor(direction), new SimulatedBroker(1000, draw));
  session.settle();
  return session;
};

describe('position: the life of a trade', () => {
  test.each([
    ['LONG', 1100, 1000, 1300],
    ['SHORT', 900, 1000, 700],
  ] as const)(
    '%s: entered at 10, the stop rests at once; at %d the same order has trigger %d and the target is %d',
    (direction, price, stop, target) => {
      const session = start(direction);
      session.tick(1000);
      const [resting] = session.broker.live(exitSide(session.terms));
      expect(resting).toMatchObject({
        quantity: 10,
        trigger: direction === 'LONG' ? 900 : 1100,
        type: 'SL',
      });
      session.tick(price);
      expect(session.broker.live(exitSide(session.terms))).toEqual([
        expect.objectContaining({ orderId: resting?.orderId, trigger: stop }),
      ]);
      // A moment later the book has been read again.
      session.tick(price);
      expect(viewOf(session.terms, session.state)).toMatchObject({
        desiredStop: stop,
        confirmedStop: stop,
        target,
        phase: 'protected',
      });
    },
  );

  test('a target touched turns the same order into a marketable limit, and the position closes flat', () => {
    const session = start('LONG');
    session.tick(1000);
    session.tick(1200);
    session.tick(1195);
    session.tick(1195);
    expect(session.state).toMatchObject({ aim: { kind: 'done', reason: 'target' } });
    expect(session.broker.orders.filter((order) => order.side === 'SELL')).toHaveLength(1);
    expect(session.broker.filled('SELL')).toBe(10);
  });

  test('an entry of unknown outcome is never sent again, and is adopted when it appears', () => {
    const session = start('LONG', { write: () => 'lost', share: () => 1 });
    for (let step = 0; step < 30; step += 1) session.tick(1000, 1000);
    expect(session.entriesSent).toBe(1);
    expect(session.state.entry.kind).toBe('inDoubt');
    const adopted = start('LONG', { write: once('doneUnanswered'), share: () => 1 });
    adopted.tick(1000);
    adopted.tick(1000);
    expect(adopted.entriesSent).toBe(1);
    expect(adopted.broker.live('SELL')).toHaveLength(1);
  });

  test('a refused entry ends the intent with nothing at the broker', () => {
    const session = start('LONG', { write: () => 'rejected', share: () => 1 });
    expect(isClosed(session.state)).toBe(true);
    expect(session.broker.orders).toHaveLength(0);
  });

  test('a stop refused twice leads out of the position', () => {
    let writes = 0;
    const session = start('LONG', {
      write: () => ([2, 3].includes((writes += 1)) ? 'rejected' : 'ok'),
      share: () => 1,
    });
    session.tick(1000);
    session.tick(1000);
    session.tick(1000);
    expect(exitReasonOf(session.state)).toBe('stopRefused');
    expect(session.broker.filled('SELL')).toBe(10);
  });

  test('a stop that fills at the exchange before any tick tells of it closes the position by its stop', () => {
    const session = start('LONG');
    session.tick(1000);
    session.broker.move(895);
    session.state = apply(session.terms, session.state, { kind: 'hinted' });
    session.settle();
    expect(session.state.aim).toEqual({ kind: 'done', reason: 'stop' });
    expect(viewOf(session.terms, session.state)).toMatchObject({ phase: 'closed', quantity: 10 });
  });

  test.each([
    ['LONG', 'SELL', true],
    ['SHORT', 'BUY', false],
  ] as const)(
    '%s closed elsewhere (by a %s of another): taken as its exit, the stop cancelled, nothing sent',
    (direction, side, byBroker) => {
      const session = start(direction);
      session.tick(1000);
      session.broker.tradeElsewhere(side, 10, byBroker);
      session.tick(1000);
      expect(session.state.aim).toEqual({ kind: 'done', reason: 'elsewhere' });
      expect(session.state.adopted).toMatchObject([{ quantity: 10, byBroker }]);
      expect(session.broker.live(exitSide(session.terms))).toHaveLength(0);
      expect(session.broker.orders).toHaveLength(2);
    },
  );

  test('a part sold elsewhere leaves a stop for the rest; a purchase elsewhere is not ours', () => {
    const session = start('LONG');
    session.tick(1000);
    session.broker.tradeElsewhere('BUY', 7);
    session.tick(1000);
    expect(session.state.adopted).toEqual([]);
    session.broker.tradeElsewhere('SELL', 11);
    session.tick(1000);
    session.tick(1000);
    expect(session.state.adopted).toMatchObject([{ quantity: 4 }]);
    expect(session.broker.live('SELL')).toMatchObject([{ type: 'SL', quantity: 6 }]);
    expect(session.state.aim.kind).toBe('hold');
  });

  test('a second exit that filled too is bought back at once, by an order that is no entry', () => {
    const session = start('LONG');
    session.tick(1000);
    const [stop] = session.broker.orders.filter((order) => order.side === 'SELL');
    session.broker.orders.push({ ...stop, orderId: 'late' } as SimulatedOrder);
    session.broker.move(890);
    expect(session.broker.net).toBe(-10);
    session.tick(890);
    session.tick(890);
    session.tick(890, 1_000);
    expect(session.broker.net).toBe(0);
    expect(session.entriesSent).toBe(1);
    expect(session.broker.orders.map((order) => [order.side, order.tag])).toEqual([
      ['BUY', 'R1T1'],
      ['SELL', 'R1T1'],
      ['SELL', 'R1T1'],
      ['BUY', 'R1T1c'],
    ]);
    expect(isClosed(session.state)).toBe(true);
  });

  test('a position whose shares are gone after the cut-off without a trade is finished, never sold again', () => {
    const session = start('LONG');
    session.tick(1000);
    session.broker.orders.forEach((order) => {
      if (order.side === 'SELL') order.status = 'CANCELLED';
    });
    session.state = apply(session.terms, session.state, { kind: 'hinted' });
    session.now = 95_000;
    jest.spyOn(session.broker, 'net', 'get').mockReturnValue(0);
    session.settle();
    expect(isClosed(session.state)).toBe(true);
    expect(session.broker.orders.filter((order) => order.side === 'SELL')).toHaveLength(1);
  });

  test('square-off leaves at its instant', () => {
    const session = start('SHORT');
    session.tick(1000);
    session.tick(1000, 60_000);
    session.tick(1000);
    session.tick(1000);
    expect(session.state).toMatchObject({ aim: { kind: 'done', reason: 'squareOff' } });
  });
});

describe('position: operator commands', () => {
  test.each([
    [890, 'must be above'],
    [903, 'multiple of'],
    [1005, 'already been crossed'],
  ])(
    'tightening a long’s stop of 9.00 to %d paise is refused with a sentence',
    (stop, sentence) => {
      const session = start('LONG');
      session.tick(1000);
      expect(() => checkTighten(session.terms, session.state, paise(stop))).toThrow(sentence);
    },
  );

  test('a tightened stop reaches the broker', () => {
    const session = start('LONG');
    session.tick(1000);
    session.state = apply(session.terms, session.state, { kind: 'tightened', stop: paise(950) });
    session.settle();
    expect(session.broker.live('SELL')[0]?.trigger).toBe(950);
  });
});

function once(first: ReturnType<Draw['write']>): Draw['write'] {
  let used = false;
  return () => {
    if (used) return 'ok';
    used = true;
    return first;
  };
}

describe('position: properties under a broker that misbehaves', () => {
  const outcomes = fc.array(
    fc.constantFrom('ok', 'ok', 'ok', 'doneUnanswered', 'lost', 'rejected' as const),
    { minLength: 40, maxLength: 40 },
  );
  const shares01 = fc.array(fc.constantFrom(0.3, 0.6, 1, 1), { minLength: 40, maxLength: 40 });
  const steps = fc.array(fc.integer({ min: -10, max: 10 }), { minLength: 20, maxLength: 120 });
  const cycling = <T>(values: readonly T[], fallback: T): (() => T) => {
    let index = 0;
    return () => values[index++ % values.length] ?? fallback;
  };

  test('one entry ever, exits never exceed entries, no two live exits at rest, protected at rest, flat in the end', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('LONG' as const, 'SHORT' as const),
        outcomes,
        shares01,
        steps,
        (direction, writes, parts, moves) => {
          const draw = { write: cycling(writes, 'ok'), share: cycling(parts, 1) };
          const calmer = { on: false };
          const broker = new SimulatedBroker(1000, {
            write: () => (calmer.on ? 'ok' : draw.write()),
            share: draw.share,
          });
          const session = new Session(termsFor(direction), broker);
          session.settle();
          let price = 1000;
          for (const move of moves) {
            if (isClosed(session.state)) break;
            session.tick((price = Math.min(1450, Math.max(550, price + move * 5))));
            expect(session.entriesSent).toBeLessThanOrEqual(1);
            expect(broker.filled(exitSide(session.terms))).toBeLessThanOrEqual(
              broker.filled(entrySide(session.terms)),
            );
          }
          // The faults end: within bounded time the position is protected by one stop of its quantity, or gone.
          calmer.on = true;
          for (let step = 0; step < 12 && !isClosed(session.state); step += 1)
            session.tick(price, 500);
          const held =
            broker.filled(entrySide(session.terms)) - broker.filled(exitSide(session.terms));
          if (!isClosed(session.state) && held > 0 && exitReasonOf(session.state) === null) {
            const live = broker.live(exitSide(session.terms));
            expect(live).toHaveLength(1);
            expect((live[0]?.quantity ?? 0) - (live[0]?.filled ?? 0)).toBe(held);
          }
          for (let step = 0; step < 60 && !isClosed(session.state); step += 1)
            session.tick(price, 2_000);
          expect(isClosed(session.state)).toBe(true);
          expect(broker.filled(exitSide(session.terms))).toBe(
            broker.filled(entrySide(session.terms)),
          );
          expect(broker.live('BUY').length + broker.live('SELL').length).toBe(0);
          expect(
            broker.orders.filter((order) => order.side === entrySide(session.terms)).length,
          ).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 1000, endOnFailure: true },
    );
  });
});
