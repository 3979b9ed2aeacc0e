// One position's workflow under the virtual clock: the same loop as workflows/positionRun, with commands
// as delayed calls. Everything it learns is an event that survives a crash; what is in flight when its
// worker dies has an unknown outcome.
import type { SendOutcome } from '../../domain/orders/order';
import {
  exitReasonOf,
  holdingOf,
  initialState,
  isClosed,
  termsOf,
  viewOf,
  type BooksReading,
  type PositionCommand,
  type PositionEvent,
  type PositionState,
  type PositionTerms,
} from '../../domain/position';
import { triggerBand } from '../../domain/trailing';
import type { Gateway } from './gateway';
import type { Statement } from './journal';
import type { Machine } from './machine';
import type { Wire } from './wire';
import type { World } from './world';

/** How soon the death of a worker is noticed by whoever waits for its answer. */
export const crashNoticedMs = 2_000;
/** More commands than this at one instant is a machine that does not come to rest. */
const commandsPerInstant = 50;

export interface RunParts {
  readonly world: World;
  readonly wire: Wire;
  readonly gateway: Gateway;
  readonly machine: Machine;
  readonly isHalted: () => boolean;
  /** Told of each state and event that met: entry/aim/event. */
  readonly reached: (cell: string) => void;
  readonly trace: (tag: string, what: string, detail: unknown) => void;
}

/** A command in flight and the event that tells of its unknown outcome; null for a reading. */
interface InFlight {
  readonly unanswered: ((outcome: SendOutcome) => PositionEvent) | null;
}

export class PositionRun {
  readonly terms: PositionTerms;
  readonly #parts: RunParts;
  #state: PositionState = initialState;
  #inFlight: InFlight | null = null;
  /** Changes with every crash: calls of an earlier life find nobody. */
  #life = 0;
  #isDown = false;
  #inbox: PositionEvent[] = [];
  #timer = 0;
  #published = '';
  #instant = 0;
  #atInstant = 0;

  constructor(terms: PositionTerms, parts: RunParts) {
    this.terms = terms;
    this.#parts = parts;
  }

  get tag(): string {
    return this.terms.intent.intentId;
  }

  get state(): PositionState {
    return this.#state;
  }

  isClosed(): boolean {
    return isClosed(this.#state);
  }

  take(event: PositionEvent): void {
    if (this.#isDown) {
      this.#inbox.push(event);
      return;
    }
    this.#parts.trace(this.tag, 'event', event);
    this.#parts.reached(`${this.#state.entry.kind}/${this.#state.aim.kind}/${event.kind}`);
    this.#state = this.#parts.machine.apply(this.terms, this.#state, event);
    this.pump();
  }

  /** Decides until it waits or something is in flight. */
  pump(): void {
    const { world, machine } = this.#parts;
    while (this.#inFlight === null && !this.#isDown && !this.isClosed()) {
      this.#countInstant();
      const command = machine.nextCommand(this.terms, this.#state, world.now);
      if (command.kind === 'wait') {
        this.#waitUntil(command.until);
        return;
      }
      this.#parts.trace(this.tag, 'command', command);
      this.#carryOut(command);
    }
    if (this.isClosed()) this.#parts.gateway.withdraw(this.tag);
  }

  /** The worker dies; `downMs` later another one goes on from the last event. */
  crash(downMs: number): void {
    const { world, machine } = this.#parts;
    const { now } = world;
    this.#life += 1;
    this.#isDown = true;
    world.later(downMs, () => {
      this.#isDown = false;
      this.#state = machine.restored(this.#state);
      const lost = this.#inFlight;
      const inbox = this.#inbox;
      this.#inbox = [];
      for (const event of inbox) this.take(event);
      if (lost === null) this.pump();
      else world.at(now + Math.max(downMs, crashNoticedMs), () => this.#lostInFlight(lost));
    });
  }

  statement(): Statement {
    const { intent } = this.terms;
    const view = viewOf(this.terms, this.#state);
    const holding = holdingOf(intent, this.#state);
    return {
      at: this.#parts.world.now,
      tag: this.tag,
      closed: this.isClosed(),
      held: holding.open,
      entryInDoubt: this.#state.entry.kind === 'inDoubt',
      leaving: exitReasonOf(this.#state) !== null,
      desiredStop: view.desiredStop,
      grossPnl: this.isClosed() ? view.pnl : 0,
    };
  }

  #lostInFlight(lost: InFlight): void {
    if (this.#inFlight !== lost) return;
    this.#inFlight = null;
    if (lost.unanswered === null) this.pump();
    else this.take(lost.unanswered({ kind: 'inDoubt', message: 'the worker died' }));
  }

  #countInstant(): void {
    const { now } = this.#parts.world;
    this.#atInstant = now === this.#instant ? this.#atInstant + 1 : 0;
    this.#instant = now;
    if (this.#atInstant > commandsPerInstant)
      throw new Error(`I16: position ${this.tag} does not come to rest at ${now}`);
  }

  #waitUntil(until: number): void {
    const { world } = this.#parts;
    this.#publish();
    this.#timer += 1;
    const [timer, life] = [this.#timer, this.#life];
    if (until >= Number.MAX_SAFE_INTEGER) return;
    world.at(Math.max(until, world.now + 1), () => {
      if (timer === this.#timer && life === this.#life) this.pump();
    });
  }

  #publish(): void {
    const { gateway } = this.#parts;
    const trailing = termsOf(this.terms, this.#state);
    if (trailing === null || this.#state.trail === null) return;
    const band = triggerBand(trailing, this.#state.trail, this.terms.intent.atrAtEntry);
    const key = JSON.stringify(band);
    if (key === this.#published) return;
    this.#published = key;
    gateway.publish(this.tag, {
      ...band,
      tradingsymbol: this.terms.intent.instrument.tradingsymbol,
    });
  }

  /** Makes a call whose answer is heard only in this life, and only once. */
  #call<T>(
    start: (answer: (value: T) => void) => void,
    toEvent: (value: T) => PositionEvent,
    unanswered: InFlight['unanswered'],
  ): void {
    const inFlight: InFlight = { unanswered };
    const life = this.#life;
    this.#inFlight = inFlight;
    start((value) => {
      if (this.#life !== life || this.#inFlight !== inFlight) return;
      this.#inFlight = null;
      this.take(toEvent(value));
    });
  }

  #write(
    start: (answer: (outcome: SendOutcome) => void) => void,
    toEvent: (outcome: SendOutcome) => PositionEvent,
  ): void {
    this.#call(start, toEvent, toEvent);
  }

  #carryOut(command: PositionCommand): void {
    const { wire, world, machine, isHalted } = this.#parts;
    switch (command.kind) {
      case 'sendEntry':
        this.#state = machine.apply(this.terms, this.#state, { kind: 'entrySending' });
        this.#write(
          (answer) => wire.enter(command.order, () => machine.mayEnter(isHalted()), answer),
          (outcome) => ({ kind: 'entryAnswered', outcome, at: world.now }),
        );
        return;
      case 'placeExit':
        this.#write(
          (answer) => wire.placeExit(command.order, answer),
          (outcome) => ({ kind: 'exitAnswered', outcome, order: command.order, at: world.now }),
        );
        return;
      case 'modifyExit':
        this.#write(
          (answer) => wire.modify(command.orderId, command.order, answer),
          (outcome) => ({
            kind: 'modifyAnswered',
            outcome,
            orderId: command.orderId,
            order: command.order,
            at: world.now,
          }),
        );
        return;
      case 'cancel':
        this.#write(
          (answer) => wire.cancel(command.orderId, this.tag, answer),
          () => ({ kind: 'cancelAnswered' }),
        );
        return;
      case 'readBooks':
        this.#call<BooksReading>(
          (answer) => wire.readBooks(this.terms.intent, command.orderIds, answer),
          (reading) => ({ kind: 'booksRead', news: command.news, reading }),
          null,
        );
        return;
      case 'wantExit':
        this.take({ kind: 'exitWanted', reason: command.reason, at: world.now });
        return;
      case 'finish':
        this.take({ kind: 'finished' });
        return;
      case 'wait':
        return;
    }
  }
}
