// Where requests about orders come in: placing, changing and cancelling. What is accepted is written into
// the journal before it is answered; what is refused leaves nothing behind.
import type { EpochMs } from '../../domain/units';
import type { FaultBox } from '../faults/faultBox';
import type { Account } from './account';
import { checkAfterMarket, isAfterMarket, type AfterMarket } from './afterMarket';
import type { Floor } from './floor';
import { checkAuthorisation } from './holdings';
import { journalLine, type JournalSink } from './journal';
import { inputError, orderError, type KiteError } from './kiteError';
import type { MarketRecord } from './marketRecord';
import {
  isDone,
  type Order,
  type OrderChanges,
  type OrderTerms,
  type OrderView,
  type Placer,
} from './order';
import { checkChanges } from './orderChanges';
import type { OrderDesk, OrderOrigin } from './orderDesk';
import type { OrderPath } from './orderPath';
import { preCheck } from './preChecks';
import { later, type SessionTime } from './sessionTime';
import type { Tape } from './tape';
import type { Tapes } from './tapes';

export interface OrderEntryParts {
  readonly account: Account;
  readonly desk: Pick<OrderDesk, 'create' | 'step' | 'finish' | 'find' | 'follow'>;
  readonly floor: Pick<Floor, 'fillNow'>;
  readonly path: Pick<OrderPath, 'validate' | 'sendChanges'>;
  readonly afterMarket: Pick<AfterMarket, 'hold' | 'change'>;
  readonly tapes: Pick<Tapes, 'named' | 'of'>;
  readonly time: Pick<SessionTime, 'now' | 'phase' | 'afterDelay'>;
  readonly faults: Pick<FaultBox, 'strike'>;
  readonly journal: JournalSink;
  readonly record: Pick<MarketRecord, 'changesOf' | 'look'>;
}

export class OrderEntry {
  private readonly parts: OrderEntryParts;
  /** Orders the books do not show yet, and until when. */
  private readonly hiddenUntil = new Map<string, EpochMs>();

  constructor(parts: OrderEntryParts) {
    this.parts = parts;
  }

  /** Takes an order. @throws KiteError when a pre-check refuses it; then nothing has changed. */
  place(terms: OrderTerms, placer: Placer, origin: OrderOrigin = {}): Order {
    const { desk, tapes, time, journal, record } = this.parts;
    const tape = tapes.named(terms.tradingsymbol);
    const { listing } = tape;
    const { parentOrderId } = origin;
    // Nobody asks for a later leg: it is due.
    if (parentOrderId !== undefined) record.look(`a leg of ${parentOrderId}`, [tape]);
    if (listing.isIndex) throw inputError('Indices cannot be traded.');
    if (placer !== 'broker') this.check(terms, tape);
    const order = desk.create({ ...origin, terms, listing, placer, at: time.now });
    const { orderId } = order;
    const seen = isAskedFor(placer) ? record.changesOf([tape]) : {};
    journal(
      journalLine(time.now, 'place', { orderId, placer, ...terms, ...legOf(origin), ...seen }),
    );
    if (placer === 'client') this.mayHide(order);
    time.afterDelay(order.orderId, 'validation', () => {
      if (isDone(order)) return;
      if (terms.variety !== 'amo') {
        this.parts.path.validate(order);
        return;
      }
      record.look(`the wait of ${orderId}`, []);
      this.parts.afterMarket.hold(order);
    });
    return order;
  }

  /** Accepts a change of a live order. @throws KiteError when it cannot be changed. */
  modify(orderId: string, changes: OrderChanges): Order {
    const { afterMarket, path, tapes, time, journal, record } = this.parts;
    const order = this.known(orderId);
    const tape = tapes.of(order.listing);
    checkChanges(order, changes, tape, time.phase(order.listing));
    order.modifications += 1;
    const seen = record.changesOf([tape]);
    journal(journalLine(time.now, 'modify', { orderId, ...definedOnly(changes), ...seen }));
    if (isAfterMarket(order)) afterMarket.change(order, changes);
    else path.sendChanges(order, changes);
    return order;
  }

  /** Accepts a cancellation. @throws KiteError when the order is unknown or over. */
  cancel(orderId: string): Order {
    const { desk, floor, tapes, time, journal, record } = this.parts;
    const order = this.known(orderId);
    if (isDone(order) || order.status === 'CANCEL PENDING') {
      throw orderError('Order cannot be cancelled as it is being processed.');
    }
    journal(journalLine(time.now, 'cancel', { orderId }));
    desk.step(order, 'CANCEL PENDING', time.now);
    time.afterDelay(orderId, 'cancel', (at) => {
      if (isDone(order)) return;
      if (!this.races(order)) {
        desk.finish(order, 'CANCELLED', at);
        return;
      }
      const tape = tapes.of(order.listing);
      record.look(`the fill before the end of ${orderId}`, [tape]);
      floor.fillNow(order, tape, at);
    });
    return order;
  }

  /** Calls back when the order is over, a moment of market time later. */
  whenOver(order: Order, act: (order: OrderView) => void): void {
    const { desk, time } = this.parts;
    desk.follow(order.orderId, (over) => {
      time.afterDelay(order.orderId, 'over', () => act(over));
    });
  }

  /** @throws KiteError for an id that never was. */
  known(orderId: string): Order {
    const order = this.parts.desk.find(orderId);
    if (order !== undefined) return order;
    throw unknownOrder();
  }

  /** As `known`, but one the books do not show is not found. */
  visible(orderId: string): Order {
    const order = this.known(orderId);
    if (this.isVisible(order)) return order;
    throw unknownOrder();
  }

  /** Do the books show the order? Not while an `invisible-order` fault hides it. */
  isVisible({ orderId }: OrderView): boolean {
    return this.parts.time.now >= (this.hiddenUntil.get(orderId) ?? 0);
  }

  private check(terms: OrderTerms, tape: Tape): void {
    const { account, time } = this.parts;
    const phase = time.phase(tape.listing);
    if (tape.isUnheard) throw orderError(noPrice(tape.listing.tradingsymbol));
    if (terms.variety === 'amo') checkAfterMarket(terms, tape, phase);
    else preCheck(terms, tape, phase);
    if (terms.product === 'CNC' && terms.side === 'SELL') {
      checkAuthorisation(account, tape.listing, terms.quantity);
    }
  }

  private mayHide({ orderId }: Order): void {
    const { faults, time } = this.parts;
    const fault = faults.strike(['invisible-order']);
    if (fault !== undefined) this.hiddenUntil.set(orderId, later(time.now, fault.ms ?? 30_000));
  }

  /** Does a fill beat the cancellation? */
  private races(order: Order): boolean {
    const canFill = order.stage !== 'pending';
    return canFill && this.parts.faults.strike(['cancel-fill-race']) !== undefined;
  }
}

/** A trigger's order comes of a tick, and the broker looks at no price. */
const isAskedFor = (placer: Placer): boolean => placer === 'client' || placer === 'terminal';

/** Which leg of an iceberg it is, and of how much. */
const legOf = ({ iceberg }: OrderOrigin): Record<string, number> =>
  iceberg === undefined ? {} : { leg: iceberg.leg, totalQuantity: iceberg.totalQuantity };

/** Of a market that goes on elsewhere, in a stock nobody has asked for yet. */
const noPrice = (tradingsymbol: string): string =>
  `No price of ${tradingsymbol} is known yet. Please try again in a moment.`;

const unknownOrder = (): KiteError => orderError("Couldn't find that `order_id`.");

function definedOnly(changes: OrderChanges): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(changes).filter(
      (entry): entry is [string, string | number] => entry[1] !== undefined,
    ),
  );
}
