// One position's workflow under the virtual clock: the same loop as workflows/positionRun, with commands
// as delayed calls. Everything it learns is an event of the state machine.
import type { OrderRequest, SendOutcome } from '../domain/orders/order';
import {
  booksQuestion,
  initialState,
  isOver,
  termsOf,
  type apply,
  type BooksQuestion,
  type BooksReading,
  type nextCommand,
  type PositionCommand,
  type PositionEvent,
  type PositionState,
  type PositionTerms,
} from '../domain/position';
import { triggerBand } from '../domain/trailing';
import type { CrossingGateway } from './crossingGateway';
import type { VirtualClock } from './virtualClock';

/** More commands than this at one instant is a machine that does not come to rest. */
const commandsPerInstant = 50;

type Answer = (outcome: SendOutcome) => void;

/** The broker as a position meets it: every call answers later, once. */
export interface BrokerWire {
  enter(order: OrderRequest, allowed: () => boolean, answer: Answer): void;
  placeExit(order: OrderRequest, answer: Answer): void;
  modify(orderId: string, order: OrderRequest, answer: Answer): void;
  cancel(orderId: string, tag: string, answer: Answer): void;
  readBooks(question: BooksQuestion, answer: (reading: BooksReading) => void): void;
}

export interface ReplayedParts {
  readonly clock: VirtualClock;
  readonly wire: BrokerWire;
  readonly gateway: Pick<CrossingGateway, 'publish' | 'withdraw'>;
  readonly machine: { readonly apply: typeof apply; readonly nextCommand: typeof nextCommand };
  /** May an entry leave the gate now? */
  readonly mayEnter: () => boolean;
}

/** A command in flight. */
export interface InFlight {
  /** The event that tells of its unknown outcome; null for a reading. */
  readonly unanswered: ((outcome: SendOutcome) => PositionEvent) | null;
  /** Whoever waited for the answer is gone. */
  abandoned: boolean;
}

export class ReplayedPosition {
  readonly terms: PositionTerms;
  protected current: PositionState = initialState;
  protected inFlight: InFlight | null = null;
  /** The latest alarm; earlier ones find that they are no longer wanted. */
  protected timer = 0;
  readonly #parts: ReplayedParts;
  #published = '';
  #instant = 0;
  #atInstant = 0;

  constructor(terms: PositionTerms, parts: ReplayedParts) {
    this.terms = terms;
    this.#parts = parts;
  }

  get tag(): string {
    return this.terms.intent.intentId;
  }

  get state(): PositionState {
    return this.current;
  }

  /** Has it nothing left to do: closed, or carried into the next session? */
  isOver(): boolean {
    return isOver(this.current);
  }

  take(event: PositionEvent): void {
    this.current = this.#parts.machine.apply(this.terms, this.current, event);
    this.pump();
  }

  /** Decides until it waits or something is in flight. */
  pump(): void {
    const { clock, machine } = this.#parts;
    while (this.inFlight === null && !this.isOver()) {
      this.#countInstant();
      const command = machine.nextCommand(this.terms, this.current, clock.now);
      if (command.kind === 'wait') {
        this.#waitUntil(command.until);
        return;
      }
      this.carryOut(command);
    }
    if (this.isOver()) this.#parts.gateway.withdraw(this.tag);
  }

  protected carryOut(command: PositionCommand): void {
    const { wire, clock, machine, mayEnter } = this.#parts;
    const { now } = clock;
    switch (command.kind) {
      case 'sendEntry':
        this.current = machine.apply(this.terms, this.current, { kind: 'entrySending' });
        this.#write(
          (answer) => wire.enter(command.order, mayEnter, answer),
          (outcome) => ({ kind: 'entryAnswered', outcome, at: clock.now }),
        );
        return;
      case 'placeExit':
        this.#write(
          (answer) => wire.placeExit(command.order, answer),
          (outcome) => ({ kind: 'exitAnswered', outcome, order: command.order, at: clock.now }),
        );
        return;
      case 'modifyExit':
        this.#write(
          (answer) => wire.modify(command.orderId, command.order, answer),
          (outcome) => {
            const { orderId, order } = command;
            return { kind: 'modifyAnswered', outcome, orderId, order, at: clock.now };
          },
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
          (answer) => wire.readBooks(booksQuestion(this.terms, command), answer),
          (reading) => ({ kind: 'booksRead', news: command.news, reading }),
          null,
        );
        return;
      case 'wantExit':
        this.take({ kind: 'exitWanted', reason: command.reason, at: now });
        return;
      case 'carry':
        this.take({ kind: 'carried' });
        return;
      case 'finish':
        this.take({ kind: 'finished' });
        return;
      case 'wait':
        return;
    }
  }

  #countInstant(): void {
    const { now } = this.#parts.clock;
    this.#atInstant = now === this.#instant ? this.#atInstant + 1 : 0;
    this.#instant = now;
    if (this.#atInstant > commandsPerInstant)
      throw new Error(`I16: position ${this.tag} does not come to rest at ${now}`);
  }

  #waitUntil(until: number): void {
    const { clock } = this.#parts;
    this.#publish();
    this.timer += 1;
    const { timer } = this;
    if (until >= Number.MAX_SAFE_INTEGER) return;
    clock.at(Math.max(until, clock.now + 1), () => {
      if (timer === this.timer) this.pump();
    });
  }

  #publish(): void {
    const trailing = termsOf(this.terms, this.current);
    if (trailing === null || this.current.trail === null) return;
    const { instrument, atrAtEntry } = this.terms.intent;
    const band = triggerBand(trailing, this.current.trail, atrAtEntry);
    const key = JSON.stringify(band);
    if (key === this.#published) return;
    this.#published = key;
    const { tradingsymbol } = instrument;
    this.#parts.gateway.publish(this.tag, { ...band, tradingsymbol });
  }

  /** Makes a call whose answer is heard once, and only while it is the one in flight. */
  #call<T>(
    start: (answer: (value: T) => void) => void,
    toEvent: (value: T) => PositionEvent,
    unanswered: InFlight['unanswered'],
  ): void {
    const inFlight: InFlight = { unanswered, abandoned: false };
    this.inFlight = inFlight;
    start((value) => {
      if (this.inFlight !== inFlight || inFlight.abandoned) return;
      this.inFlight = null;
      this.take(toEvent(value));
    });
  }

  #write(start: (answer: Answer) => void, toEvent: (outcome: SendOutcome) => PositionEvent): void {
    this.#call(start, toEvent, toEvent);
  }
}
