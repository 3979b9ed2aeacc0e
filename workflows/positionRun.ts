// One run of a position: the state machine and what surrounds it. Commands become activities here and answers
// become events. Every decision is in domain/position.
import {
  CancellationScope,
  condition,
  log,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { BandActivities } from '../activities/marketData';
import type { BrokerActivities } from '../activities/broker';
import type { LedgerActivities } from '../activities/ledger';
import { isLive, type OrderRequest, type SendOutcome } from '../domain/orders/order';
import {
  apply,
  booksAnswered,
  booksQuestion,
  coverReported,
  decided,
  isClosed,
  isOver,
  lacksCover,
  nextCommand,
  termsOf,
  unknownMaxMs,
  unknownSince,
  viewOf,
  writeAnswered,
  type BooksAnswer,
  type BooksQuestion,
  type PositionCommand,
  type PositionEvent,
  type PositionState,
  type PositionTerms,
  type PositionView,
  type WriteCommand,
} from '../domain/position';
import type { RiskApproved } from '../domain/risk';
import { sieveTerms, triggerBand } from '../domain/trailing';
import { now, timeBrought } from './hostClock';
import { officeQueue } from './messages';
import { bookkeeping, brokerRead, brokerWrite, nearby } from './policies';

const write = proxyActivities<BrokerActivities>(brokerWrite);
const read = proxyActivities<BrokerActivities>(brokerRead);
const bands = proxyActivities<BandActivities>(bookkeeping);
/**
 * The same calls as local activities, inside the workflow task and without the server between. A trailing
 * stop uses them all day. They are used only while the stop rests at the broker, since a crash is noticed
 * later here, and only for calls that may happen twice. Measured: docs/reliability.md.
 */
const nearBroker = proxyLocalActivities<BrokerActivities>(nearby);
const nearBands = proxyLocalActivities<BandActivities>(nearby);
export const ledger = proxyActivities<LedgerActivities>({ ...bookkeeping, taskQueue: officeQueue });

/** A write that failed as an activity has an unknown outcome. */
async function answered(send: () => Promise<SendOutcome>): Promise<SendOutcome> {
  try {
    return await send();
  } catch (error) {
    return {
      kind: 'inDoubt',
      message: error instanceof Error ? error.message : 'the order call did not end',
    };
  }
}

/** Logs what the broker did not accept, so that it can be found. */
function noted(outcome: SendOutcome): SendOutcome {
  if (outcome.kind !== 'accepted') log.warn('exit order not accepted', { ...outcome });
  return outcome;
}

/** How soon a fill that only some have told of is looked at again. */
const lookAgainMs = 1_000;

export class PositionRun {
  readonly #terms: RiskApproved<PositionTerms>;
  #state: PositionState;
  #woken = false;
  #notice: (state: PositionState) => void = () => undefined;
  #recording: Promise<unknown> = Promise.resolve();
  #recorded = '';
  #published = '';

  constructor(terms: RiskApproved<PositionTerms>, state: PositionState) {
    this.#terms = terms;
    this.#state = state;
  }

  get state(): PositionState {
    return this.#state;
  }

  /** A method, not a getter: handlers change the answer between two reads. */
  isClosed(): boolean {
    return isClosed(this.#state);
  }

  /** Closed, or handed on to the next session. */
  isOver(): boolean {
    return isOver(this.#state);
  }

  get view(): PositionView {
    return viewOf(this.#terms, this.#state);
  }

  /** Applies an event at once. The loop then looks at the new state. */
  take(event: PositionEvent): void {
    const before = this.#state;
    this.#state = apply(this.#terms, before, event);
    this.#woken = true;
    // The band is the answer to a crossing, though it may be the same: who sent it watches for one.
    if (event.kind === 'crossed' && this.#state !== before) this.#published = '';
  }

  /**
   * Decides and carries out one command.
   * @param notice told of the state while an answer is waited for, which may take long.
   */
  async step(notice: (state: PositionState) => void): Promise<void> {
    this.#notice = notice;
    this.#woken = false;
    const command = nextCommand(this.#terms, this.#state, now());
    // A trigger carries no tag. Its levels are recorded before it is placed, so that it can be recognised if
    // the answer is lost.
    if (command.kind === 'placeExit' && command.order.pricing.kind === 'OCO') this.#record();
    if (command.kind === 'wait') {
      this.#record();
      await this.#publish();
    }
    await this.#carryOut(command);
  }

  /** Resolves when our records hold everything seen so far. */
  async recorded(): Promise<void> {
    this.#record();
    await this.#recording;
  }

  async withdrawBand(): Promise<void> {
    await bands.withdrawBand(workflowInfo().workflowId);
  }

  async #carryOut(command: PositionCommand): Promise<void> {
    switch (command.kind) {
      case 'sendEntry':
        await this.#sendEntry(command);
        return;
      case 'placeExit':
      case 'modifyExit':
      case 'cancel': {
        const outcome = noted(await answered(() => this.#send(command)));
        this.take(writeAnswered(command, outcome, now()));
        return;
      }
      case 'readBooks': {
        const answer = await this.#readBooks(booksQuestion(this.#terms, command));
        if (answer !== undefined) this.take(booksAnswered(command, answer, now()));
        return;
      }
      case 'wait':
        await condition(
          () => this.#woken || workflowInfo().continueAsNewSuggested,
          Math.max(1, command.until - now()),
        );
        return;
      default:
        this.take(decided(command, now()));
    }
  }

  #send(command: Exclude<WriteCommand, { kind: 'sendEntry' }>): Promise<SendOutcome> {
    switch (command.kind) {
      case 'placeExit':
        return write.placeExit(command.order);
      case 'modifyExit':
        return this.#modify(command);
      case 'cancel':
        return write.cancelOrder(command.orderId, this.#terms.intent.intentId);
    }
  }

  async #modify({
    orderId,
    order,
  }: Extract<PositionCommand, { kind: 'modifyExit' }>): Promise<SendOutcome> {
    const trails = this.#isProtected() && order.pricing.kind !== 'LIMIT';
    if (!trails) return write.modifyExit(orderId, order);
    const { outcome, at } = await nearBroker.trailStop(orderId, order);
    timeBrought(at);
    return outcome;
  }

  /** @returns undefined when something became known meanwhile that must be acted on first. */
  async #readBooks(question: BooksQuestion): Promise<BooksAnswer | undefined> {
    const near = this.#isProtected()
      ? await nearBroker.readBooks(question).catch(() => undefined)
      : undefined;
    if (near === undefined) return this.#readUnlessTold(question);
    if (near.kind === 'whole') timeBrought(near.reading.at);
    return near;
  }

  /** A reading may take as long as the broker is away. A fill that is told of meanwhile is covered at once. */
  async #readUnlessTold(question: BooksQuestion): Promise<BooksAnswer | undefined> {
    const asking = new CancellationScope();
    const answer = asking.run(() => read.readBooks(question));
    if (await this.#answersFirst(answer)) return answer;
    asking.cancel();
    await answer.catch(() => undefined);
    return undefined;
  }

  /** Waits for an answer. @returns false when a fill was told of that can be covered without it. */
  async #answersFirst(answer: Promise<unknown>): Promise<boolean> {
    const wait = { answered: false };
    const noted = (): void => {
      wait.answered = true;
    };
    void answer.then(noted, noted);
    for (;;) {
      this.#woken = false;
      await this.#newsOr(() => wait.answered);
      if (wait.answered) return true;
      this.#notice(this.#state);
      if (coverReported(this.#terms, this.#state, now()) !== undefined) return false;
    }
  }

  /** Until something happens, or until it is an alarm that nothing does. */
  async #newsOr(happened: () => boolean): Promise<void> {
    const since = unknownSince(this.#terms.intent, this.#state);
    const isNews = (): boolean => this.#woken || happened();
    const ms = since === null ? 0 : since + unknownMaxMs - now();
    if (lacksCover(this.#terms, this.#state)) await condition(isNews, lookAgainMs);
    else if (ms > 0) await condition(isNews, ms);
    else await condition(isNews);
  }

  #isProtected(): boolean {
    return this.view.phase === 'protected';
  }

  /** The intent is in history and in the database before the order leaves. */
  async #sendEntry(command: Extract<WriteCommand, { kind: 'sendEntry' }>): Promise<void> {
    this.take({ kind: 'entrySending' });
    const decidedAt = now();
    await ledger.recordIntent(this.#terms.intent);
    // The order is made from the approved terms.
    const approved = command.order as RiskApproved<OrderRequest>;
    const answer = answered(() => write.sendEntry(approved, decidedAt)).then((outcome) =>
      this.take(writeAnswered(command, outcome, now())),
    );
    // Its fill may be told of while the answer still hangs. Then the answer is taken whenever it comes.
    await this.#answersFirst(answer);
  }

  /** Writes what the books show to our records. The trading path does not wait for it. */
  #record(): void {
    const { books, trail, adopted } = this.#state;
    if (books === null) return;
    const record = { orders: books.orders, fills: [...books.fills, ...adopted], trail };
    // A resting order's trigger follows the trail, which the key contains already.
    const orders = books.orders.map((order) => [
      ...[order.orderId, order.quantity, order.filledQuantity, isLive(order)],
    ]);
    const key = JSON.stringify([orders, record.fills.length, trail?.stop, trail?.target]);
    if (key === this.#recorded) return;
    this.#recorded = key;
    this.#recording = this.#recording.then(() =>
      ledger.recordPosition(this.#terms.intent.intentId, record),
    );
  }

  /** Publishes the band between whose prices nothing happens, when it has changed. */
  async #publish(): Promise<void> {
    const { intent } = this.#terms;
    const trailing = termsOf(this.#terms, this.#state);
    if (trailing === null || this.#state.trail === null) return;
    const band = triggerBand(trailing, this.#state.trail, intent.atrAtEntry);
    const key = JSON.stringify(band);
    if (key === this.#published) return;
    this.#published = key;
    const published = {
      workflowId: workflowInfo().workflowId,
      instrumentToken: intent.instrument.instrumentToken,
      ...band,
      sieve: sieveTerms(intent.band, intent.atrAtEntry, trailing.entry),
    };
    // A band that could not be stored is published again at the next wait. It must hold nothing up.
    await nearBands.publishBand(published).catch((error: unknown) => {
      this.#published = '';
      log.warn('the band could not be published', { error: String(error) });
    });
  }
}
