// One position under the virtual clock: the loop of workflows/positionRun, with commands as delayed calls.
// Everything it learns is an event of the state machine.
import type { OrderRequest, SendOutcome } from '../domain/orders/order';
import {
  booksAnswered,
  booksQuestion,
  coverReported,
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
  /** What a fill that is told of meanwhile does to it; null where it does nothing. */
  readonly onReport: 'abandon' | 'detach' | null;
  /** True when whoever waited for the answer is gone. */
  abandoned: boolean;
  /** True when nobody waits for the answer, and it is taken whenever it comes. */
  detached: boolean;
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
    if (event.kind === 'reported') this.#coverFirst();
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
          (reading) => booksAnswered(command, { kind: 'whole', reading }, clock.now),
          { unanswered: null, onReport: 'abandon' },
        );
        return;
      case 'wait':
        return;
      default:
        this.take(decided(command, clock.now));
    }
  }

  /** A fill that was told of is covered before anything else is waited for. */
  #coverFirst(): void {
    const { inFlight } = this;
    if (inFlight === null) return;
    if (inFlight.onReport === null) return;
    if (coverReported(this.terms, this.current, this.#parts.clock.now) === undefined) return;
    inFlight.abandoned = inFlight.onReport === 'abandon';
    inFlight.detached = inFlight.onReport === 'detach';
    this.inFlight = null;
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
    kind: Pick<InFlight, 'unanswered' | 'onReport'>,
  ): void {
    const inFlight: InFlight = { ...kind, abandoned: false, detached: false };
    this.inFlight = inFlight;
    start((value) => {
      const isWaitedFor = this.inFlight === inFlight;
      if (inFlight.abandoned || !(isWaitedFor || inFlight.detached)) return;
      if (isWaitedFor) this.inFlight = null;
      this.take(toEvent(value));
    });
  }

  #write(command: WriteCommand, start: (answer: Answer) => void): void {
    const toEvent = (outcome: SendOutcome): PositionEvent =>
      writeAnswered(command, outcome, this.#parts.clock.now);
    const onReport = command.kind === 'sendEntry' ? 'detach' : null;
    this.#call(start, toEvent, { unanswered: toEvent, onReport });
  }
}
