// One simulated session: a plan, the exchange engine, gateway, gate, positions and people, all under one
// virtual clock. It returns the record of what happened outside. The checker judges that record.
import { kiteCapabilities } from '../../broker/kite/limits';
import { intentIdOf, type PositionTerms } from '../../domain/position';
import { openSieve, sieveTerms } from '../../domain/trailing';
import { clampToBand, roundToTick } from '../../domain/market/instrument';
import { directionSign, epochMs, paise, shares, type Paise } from '../../domain/units';
import { Exchange } from '../../exchange/engine/exchange';
import { FaultBox } from '../../exchange/faults/faultBox';
import { chanceFor, type Chance } from '../../exchange/market/chance';
import { reportRow } from '../../backtest/exchangeRows';
import { VirtualClock } from '../../backtest/virtualClock';
import { playEvents } from './events';
import { Gate } from './gate';
import { Gateway } from './gateway';
import type { Approval, RecordLine, SessionRecord, Statement } from './journal';
import { realMachine, type Machine } from './machine';
import { MortalPosition } from './mortalPosition';
import { PriceFeed } from './priceFeed';
import {
  cutOffAt,
  handOverAt,
  planSession,
  sessionDate,
  startAt,
  type FaultName,
  type PositionPlan,
  type SessionPlan,
} from './swarm';
import { hiddenMs, Wire } from './wire';

const timing = { entryLifeMs: 30_000, rereadMs: 20_000, repriceMs: 2_000, stopDoubtMs: 2_500 };
/** After the faults end everything must be in order within this. */
export const calmWithinMs = 120_000;

export interface SessionResult {
  readonly record: SessionRecord;
  /** How often each fault struck. */
  readonly faults: Readonly<Record<string, number>>;
  /** Which events met which states (entry/aim/event): what the session can have tested at all. */
  readonly cells: ReadonlySet<string>;
}

export type Trace = (at: number, tag: string, what: string, detail: unknown) => void;

/** Plays the session of a seed. @throws Error when the machine does not come to rest. */
export function playSession(
  seed: number,
  machine: Machine = realMachine,
  trace: Trace = () => undefined,
): SessionResult {
  return new Session(planSession(seed), machine, trace).play();
}

export class Session {
  readonly plan: SessionPlan;
  readonly clock = new VirtualClock(startAt);
  readonly exchange: Exchange;
  readonly prices: PriceFeed;
  readonly gateway: Gateway;
  readonly gate: Gate;
  readonly runs: MortalPosition[] = [];
  halted = false;
  readonly #wire: Wire;
  readonly #machine: Machine;
  readonly #trace: Trace;
  readonly #lines: RecordLine[] = [];
  readonly #approvals: Approval[] = [];
  readonly #statements: Statement[] = [];
  readonly #counts = new Map<string, number>();
  readonly #cells = new Set<string>();
  readonly #faultBox: FaultBox;

  constructor(plan: SessionPlan, machine: Machine, trace: Trace) {
    this.plan = plan;
    this.#machine = machine;
    this.#trace = trace;
    this.#faultBox = new FaultBox(plan.seed, engineFaults(plan));
    this.prices = new PriceFeed(plan);
    this.exchange = new Exchange({
      day: { date: sessionDate, hours: null },
      seed: plan.seed,
      source: this.prices.source,
      openingCash: paise(100_000_000_000),
      startAt,
      journal: ({ kind, ...fields }) => this.record(kind, fields),
      faults: this.#faultBox,
    });
    const { clock, exchange } = this;
    const strikes = this.#striker('strikes');
    this.gate = new Gate(clock, machine.waitForWrite, {
      ...kiteCapabilities.writes,
      perSecond: plan.perSecond.ours,
    });
    this.#wire = new Wire({
      clock,
      exchange,
      gate: this.gate,
      chance: this.chance('wire'),
      perSecond: plan.perSecond.broker,
      strikes,
      record: (kind, fields) => this.record(kind, fields),
    });
    this.gateway = new Gateway({
      clock,
      chance: this.chance('gateway'),
      machine,
      strikes,
      sieveOf: (tradingsymbol) => {
        const { band, lastPrice, listing } = exchange.tape(tradingsymbol);
        return openSieve(sieveTerms(band, listing.tickSize * 20, lastPrice));
      },
      deliver: (tag, event) => this.runs.find((run) => run.tag === tag)?.take(event),
    });
  }

  chance(name: string): Chance {
    return chanceFor(this.plan.seed, name);
  }

  record(kind: string, fields: Record<string, string | number | boolean | null>): void {
    const line: RecordLine = { ...fields, at: this.clock.now, kind };
    this.#lines.push(line);
    this.#trace(this.clock.now, String(line['tag'] ?? ''), kind, line);
  }

  /** Counts an occasion and writes it down as a fault of the outside. */
  happened(fault: string, tag = ''): void {
    this.#counts.set(fault, (this.#counts.get(fault) ?? 0) + 1);
    this.record('fault', { fault, tag });
  }

  play(): SessionResult {
    const { plan, clock, exchange } = this;
    this.#listen();
    plan.positions.forEach((position, index) =>
      clock.at(position.at, () => this.#open(position, index)),
    );
    playEvents(this);
    clock.at(plan.calmAt, () => this.#faultBox.clear());
    clock.at(Math.min(plan.calmAt + calmWithinMs, plan.endAt), () => this.#state());
    clock.run(exchange, plan.endAt);
    this.#state();
    return { record: this.#result(), faults: this.#faultCounts(), cells: this.#cells };
  }

  #result(): SessionRecord {
    const { seed, calmAt, squareOffAt, endAt } = this.plan;
    return {
      seed,
      lines: this.#lines,
      approvals: this.#approvals,
      statements: this.#statements,
      brokerPerSecond: this.plan.perSecond.broker,
      closingCash: this.exchange.account.books().cash,
      calmAt,
      flatBy: squareOffAt + 60_000,
      cutOffAt,
      handOverAt: handOverAt(this.plan),
      endAt,
    };
  }

  #faultCounts(): Readonly<Record<string, number>> {
    const counts = { ...Object.fromEntries(this.#counts) };
    for (const [kind, count] of Object.entries(this.#faultBox.happened())) counts[kind] = count;
    return counts;
  }

  #state(): void {
    for (const run of this.runs) this.#statements.push(run.statement());
  }

  /** A draw per occasion from the fault's own stream, so that one fault never shifts another. */
  #striker(name: string): (fault: FaultName, tag: string) => boolean {
    const streams = new Map<FaultName, Chance>();
    return (fault, tag) => {
      const probability = this.plan.faults[fault];
      if (probability === 0 || this.clock.now >= this.plan.calmAt) return false;
      const stream = streams.get(fault) ?? this.chance(`${name}/${fault}`);
      streams.set(fault, stream);
      if (stream.unit() >= probability) return false;
      this.happened(fault, tag);
      return true;
    };
  }

  #listen(): void {
    const { exchange, gateway } = this;
    exchange.tickListener = (tape) => gateway.tick(tape.listing.tradingsymbol, tape.lastPrice);
    exchange.desk.listener = (order, event) => {
      this.record('order', {
        orderId: order.orderId,
        tag: order.tag,
        event,
        status: order.status,
        orderType: order.orderType,
        quantity: order.quantity,
        filled: order.filledQuantity,
        price: order.price,
        trigger: order.triggerPrice,
      });
      gateway.orderUpdate(order.tag, reportRow(order));
    };
  }

  /** The day opens a position: approved and recorded before anything is sent. */
  #open(position: PositionPlan, index: number): void {
    const { tradingsymbol } = position.stock;
    const isOpen = this.runs.some(
      (run) => run.terms.intent.instrument.tradingsymbol === tradingsymbol && !run.isOver(),
    );
    if (!this.#machine.mayEnter(this.halted) || isOpen) return;
    const terms = this.#terms(position, index);
    const { intent } = terms;
    this.#approvals.push({
      tag: intent.intentId,
      tradingsymbol,
      direction: intent.direction,
      product: intent.product,
      quantity: intent.quantity,
      price: intent.entryLimit,
      tickSize: intent.instrument.tickSize,
      bandLower: intent.band.lower,
      bandUpper: intent.band.upper,
    });
    const run = new MortalPosition(terms, {
      clock: this.clock,
      wire: this.#wire,
      gateway: this.gateway,
      machine: this.#machine,
      mayEnter: () => this.#machine.mayEnter(this.halted),
      reached: (cell) => this.#cells.add(cell),
      trace: (tag, what, detail) => this.#trace(this.clock.now, tag, what, detail),
    });
    this.runs.push(run);
    run.pump();
  }

  #terms(position: PositionPlan, index: number): PositionTerms {
    const { stock, direction, product, quantity, stopDistance, targetDistance, policy } = position;
    const carried = product === 'CNC';
    const tape = this.exchange.tape(stock.tradingsymbol);
    const { listing, lastPrice } = tape;
    return {
      intent: {
        intentId: intentIdOf(sessionDate, listing.instrumentToken + index, this.clock.now),
        account: 'SIM',
        date: sessionDate,
        instrument: listing,
        direction,
        product,
        quantity: shares(quantity),
        entryLimit: this.#entryLimit(position, lastPrice, index),
        stopDistance,
        targetDistance,
        policy,
        atrAtEntry: stock.tickSize * 20,
        band: listing.band,
        reason: 'simulated',
      },
      timing,
      date: sessionDate,
      squareOffAt: carried ? null : this.plan.squareOffAt,
      cutOffAt: carried ? handOverAt(this.plan) : epochMs(cutOffAt),
      modificationsMax: kiteCapabilities.modificationsMax,
    };
  }

  /** Mostly marketable, sometimes resting at or away from the price. */
  #entryLimit({ stock, direction }: PositionPlan, ltp: Paise, index: number): Paise {
    const ticks = this.chance(`limit/${index}`).pick([10, 10, 3, 0, -3]);
    const d = directionSign(direction);
    const { band } = this.exchange.tape(stock.tradingsymbol);
    const price = roundToTick(ltp + d * ticks * stock.tickSize, stock.tickSize, 'nearest');
    return clampToBand(price, band, stock.tickSize);
  }
}

function engineFaults({ faults }: SessionPlan): ConstructorParameters<typeof FaultBox>[1] {
  const armed = [
    { kind: 'invisible-order', probability: faults.invisibleOrder, ms: hiddenMs },
    { kind: 'reject-order', probability: faults.rejectByRisk },
    { kind: 'stuck-pending', probability: faults.stuckPending, ms: 4_000 },
    { kind: 'cancel-fill-race', probability: faults.cancelFillRace },
  ] as const;
  return armed.filter(({ probability }) => probability > 0);
}
