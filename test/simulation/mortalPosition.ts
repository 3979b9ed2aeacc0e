// A position's run whose worker can die. What it has learnt survives as its state; what was in flight has an
// unknown outcome. Its workflow may also be stuck: then only the broker's books and our records survive.
import {
  ReplayedPosition,
  type BrokerWire,
  type InFlight,
  type ReplayedParts,
} from '../../backtest/replayedPosition';
import {
  adoptedState,
  exitReasonOf,
  holdingOf,
  isClosed,
  viewOf,
  type PositionCommand,
  type PositionEvent,
  type PositionTerms,
  type PositionTraces,
} from '../../domain/position';
import { entrySide } from '../../domain/units';
import type { Statement } from './journal';
import type { Machine } from './machine';

/** How soon the death of a worker is noticed by whoever waits for its answer. */
export const crashNoticedMs = 2_000;

export interface MortalParts extends ReplayedParts {
  readonly machine: Machine;
  /** Told of each state and event that met: entry/aim/event. */
  readonly reached: (cell: string) => void;
  readonly trace: (tag: string, what: string, detail: unknown) => void;
}

export class MortalPosition extends ReplayedPosition {
  readonly #parts: MortalParts;
  #isDown = false;
  #isStuck = false;
  #inbox: PositionEvent[] = [];
  /** What our records hold: levels before they are asked for, triggers once they are answered. */
  readonly #recorded: { levels: PositionTraces['levels'][number][]; triggers: string[] };

  constructor(terms: PositionTerms, parts: MortalParts) {
    const recorded = { levels: [], triggers: [] as string[] };
    super(terms, { ...parts, wire: recording(parts.wire, recorded.triggers) });
    this.#parts = parts;
    this.#recorded = recorded;
  }

  override take(event: PositionEvent): void {
    if (this.#isDown) {
      this.#inbox.push(event);
      return;
    }
    this.#parts.trace(this.tag, 'event', event);
    this.#parts.reached(`${this.state.entry.kind}/${this.state.aim.kind}/${event.kind}`);
    super.take(event);
  }

  override pump(): void {
    if (!this.#isDown) super.pump();
  }

  /** The worker dies; `downMs` later another one goes on from the last event. */
  crash(downMs: number): void {
    if (this.#isStuck) return;
    const { clock, machine } = this.#parts;
    const { now } = clock;
    // Calls and timers of the earlier life have no effect.
    if (this.inFlight !== null) this.inFlight.abandoned = true;
    this.timer += 1;
    this.#isDown = true;
    clock.later(downMs, () => {
      this.#isDown = false;
      this.current = machine.restored(this.current);
      const lost = this.inFlight;
      const inbox = this.#inbox;
      this.#inbox = [];
      for (const event of inbox) this.take(event);
      if (lost === null) this.pump();
      else clock.at(now + Math.max(downMs, crashNoticedMs), () => this.#lostInFlight(lost));
    });
  }

  /** Its workflow fails every task; `afterMs` later it is ended, and another adopts the position. */
  stick(afterMs: number): void {
    if (this.#isDown) return;
    const { clock } = this.#parts;
    if (this.inFlight !== null) this.inFlight.abandoned = true;
    this.timer += 1;
    this.#isDown = true;
    this.#isStuck = true;
    clock.later(afterMs, () => {
      this.#isDown = false;
      this.#isStuck = false;
      this.#inbox = [];
      this.inFlight = null;
      this.current = adoptedState(this.terms, clock.now, this.#traces());
      this.pump();
    });
  }

  /** As our records have it: the entry order by its trades. */
  #traces(): PositionTraces {
    const { books, trail } = this.state;
    const side = entrySide(this.terms.intent.direction);
    const entryOrderId = books?.fills.find((fill) => fill.side === side)?.orderId ?? null;
    const { levels, triggers } = this.#recorded;
    return {
      entryOrderId,
      levels: trail === null ? levels : [...levels, trail],
      triggers,
      fills: [],
      handedOn: false,
      leaving: null,
    };
  }

  statement(): Statement {
    const { intent } = this.terms;
    const view = viewOf(this.terms, this.state);
    const holding = holdingOf(intent, this.state);
    return {
      at: this.#parts.clock.now,
      tag: this.tag,
      closed: isClosed(this.state),
      carried: this.state.aim.kind === 'carried',
      held: holding.open,
      entryInDoubt: this.state.entry.kind === 'inDoubt',
      leaving: exitReasonOf(this.state) !== null,
      desiredStop: view.desiredStop,
      grossPnl: isClosed(this.state) ? view.pnl : 0,
    };
  }

  protected override carryOut(command: PositionCommand): void {
    this.#parts.trace(this.tag, 'command', command);
    const { trail } = this.state;
    if (command.kind === 'placeExit' && trail !== null)
      this.#recorded.levels.push({ stop: trail.stop, target: trail.target });
    super.carryOut(command);
  }

  #lostInFlight(lost: InFlight): void {
    if (this.inFlight !== lost) return;
    this.inFlight = null;
    if (lost.unanswered === null) this.pump();
    else this.take(lost.unanswered({ kind: 'inDoubt', message: 'the worker died' }));
  }
}

/** The wire, with the ids of triggers noted as the broker's activities do: whether anybody listens or not. */
const recording = (wire: BrokerWire, triggers: string[]): BrokerWire => ({
  enter: (...call) => wire.enter(...call),
  modify: (...call) => wire.modify(...call),
  cancel: (...call) => wire.cancel(...call),
  readBooks: (...call) => wire.readBooks(...call),
  placeExit: (order, answer) =>
    wire.placeExit(order, (outcome) => {
      if (order.pricing.kind === 'OCO' && outcome.kind === 'accepted')
        triggers.push(outcome.orderId);
      answer(outcome);
    }),
});
