// One position under the virtual clock: the loop of workflows/positionRun, with commands as delayed calls.
// Everything it learns is an event of the state machine.
import type { OrderRequest, SendOutcome } from '../domain/orders/order';
import {
  booksAnswered,
  booksQuestion,
  decided,
  initialState,
  isOver,
  termsOf,
  writeAnswered,
  type apply,
  type BooksQuestion,
  type BooksReading,
  type nextCommand,
  type PositionCommand,
  type PositionEvent,
  type PositionState,
  type PositionTerms,
  type WriteCommand,
} from '../domain/position';
import { triggerBand } from '../domain/trailing';
import type { CrossingGateway } from './crossingGateway';
import type { VirtualClock } from './virtualClock';

/** More commands than this at one instant mean that the machine does not come to rest. */
const commandsPerInstant = 50;

type Answer = (outcome: SendOutcome) => void;

/** The broker as a position sees it: every call is answered later, once. */
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
  /** The event that reports its unknown outcome; null for a reading. */
  readonly unanswered: ((outcome: SendOutcome) => PositionEvent) | null;
  /** True when whoever waited for the answer is gone. */
  abandoned: boolean;
}

export class ReplayedPosition {
  readonly terms: PositionTerms;
  protected current: PositionState = initialState;
  protected inFlight: InFlight | null = null;
  /** The latest timer. An earlier one finds that it no longer counts. */
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

  /** Nothing left to do: closed, or carried into the next session. */
  isOver(): boolean {
    return isOver(this.current);
  }

  take(event: PositionEvent): void {
    this.current = this.#parts.machine.apply(this.terms, this.current, event);
    this.pump();
  }

  /** Carries out commands until one waits or is in flight. */
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
    switch (command.kind) {
      case 'sendEntry':
        this.current = machine.apply(this.terms, this.current, { kind: 'entrySending' });
        this.#write(command, (answer) => wire.enter(command.order, mayEnter, answer));
        return;
      case 'placeExit':
        this.#write(command, (answer) => wire.placeExit(command.order, answer));
        return;
      case 'modifyExit':
        this.#write(command, (answer) => wire.modify(command.orderId, command.order, answer));
        return;
      case 'cancel':
        this.#write(command, (answer) => wire.cancel(command.orderId, this.tag, answer));
        return;
      case 'readBooks':
        this.#call<BooksReading>(
          (answer) => wire.readBooks(booksQuestion(this.terms, command), answer),
          (reading) => booksAnswered(command, reading),
          null,
        );
        return;
      case 'wait':
        return;
      default:
        this.take(decided(command, clock.now));
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

  /** Makes a call. Its answer counts once, and only while the call is the one in flight. */
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

  #write(command: WriteCommand, start: (answer: Answer) => void): void {
    const toEvent = (outcome: SendOutcome): PositionEvent =>
      writeAnswered(command, outcome, this.#parts.clock.now);
    this.#call(start, toEvent, toEvent);
  }
}
