// The exchange and broker as one state machine. It is moved by `advanceTo(market time)` and by requests;
// it reads no clock and draws chance only from its seed. An accepted request answers at once with an
// order id; what becomes of it happens later, on the market's clock, as at the real one.
import type { RateCard } from '../../domain/charges';
import { invariant } from '../../domain/assert';
import type { SessionDate, TradingDay } from '../../domain/session/calendar';
import { epochMs, paise, shares, type EpochMs, type Paise } from '../../domain/units';
import { isOnTick } from '../../domain/market/instrument';
import { chanceFor } from '../market/chance';
import type { Listing } from '../market/listing';
import type { MarketSource } from '../market/source';
import type { FaultBox } from '../faults/faultBox';
import { Account } from './account';
import { changeAfterMarket, checkAfterMarket, holdAfterMarket, isAfterMarket } from './afterMarket';
import { Circuits } from './circuits';
import { Floor } from './floor';
import { GttDesk, type GttState } from './gtt';
import { checkAuthorisation, holdingOf, type HoldingTerms } from './holdings';
import { journalLine, type JournalSink } from './journal';
import { inputError, orderError } from './kiteError';
import {
  isDone,
  type Order,
  type OrderChanges,
  type OrderTerms,
  type OrderView,
  type Placer,
} from './order';
import { OrderDesk, later, type NewOrder } from './orderDesk';
import { checkChanges } from './orderChanges';
import { preCheck } from './preChecks';
import { Schedule } from './schedule';
import { sendChanges, validateOrder } from './orderPath';
import { scheduleSession } from './sessionEvents';
import { phaseAt, type SessionPhase } from './sessionGate';
import { Tape } from './tape';

export interface ExchangeOptions {
  readonly day: TradingDay;
  readonly seed: number;
  readonly source: MarketSource;
  readonly openingCash: Paise;
  readonly startAt: EpochMs;
  readonly journal: JournalSink;
  readonly faults: FaultBox;
  /** What the account holds from earlier days; nothing when absent. */
  readonly holdings?: readonly HoldingTerms[];
  /** Triggers of earlier sessions; none when absent. */
  readonly gtts?: GttState | undefined;
  /** What is charged, by date; NSE through Zerodha when absent. */
  readonly rateCards?: readonly RateCard[] | undefined;
}

export class Exchange {
  readonly day: TradingDay;
  readonly source: MarketSource;
  readonly account: Account;
  readonly desk: OrderDesk;
  readonly floor: Floor;
  readonly schedule = new Schedule();
  readonly tapes = new Map<number, Tape>();
  readonly journal: JournalSink;
  /** Called after each tick was applied and matched. */
  tickListener: (tape: Tape) => void = () => undefined;
  private readonly seed: number;
  readonly faults: FaultBox;
  readonly circuits: Circuits;
  readonly gtts: GttDesk;
  /** Orders the books do not show yet, and until when. */
  private readonly hiddenUntil = new Map<string, EpochMs>();
  private readonly bySymbol = new Map<string, Tape>();
  private current: EpochMs;

  constructor(options: ExchangeOptions) {
    const { day, seed, source, openingCash, journal } = options;
    const { date } = day;
    this.day = day;
    this.seed = seed;
    this.source = source;
    this.journal = journal;
    this.faults = options.faults;
    this.current = options.startAt;
    for (const listing of source.listings) {
      const tape = new Tape(listing, seed);
      this.tapes.set(listing.instrumentToken, tape);
      this.bySymbol.set(listing.tradingsymbol, tape);
    }
    const holdings = (options.holdings ?? []).map((terms) =>
      holdingOf(terms, this.tape(terms.tradingsymbol).listing),
    );
    this.account = new Account(openingCash, date, { holdings, rateCards: options.rateCards });
    this.desk = new OrderDesk(date, journal);
    const { account, desk } = this;
    this.circuits = new Circuits(this);
    this.gtts = new GttDesk(this, options.gtts);
    this.floor = new Floor({ account, desk, journal });
    journal(journalLine(this.current, 'session', { date, seed, openingCash }));
    for (const { listing, ...holding } of this.account.holdings) {
      const { tradingsymbol } = listing;
      journal(journalLine(this.current, 'holding', { tradingsymbol, ...holding }));
    }
    options.faults.listener = (fault, on) =>
      journal(journalLine(this.current, 'fault', { fault, on: on ?? null }));
    scheduleSession(this);
  }

  get date(): SessionDate {
    return this.day.date;
  }

  /** Market time the exchange has reached. */
  get now(): EpochMs {
    return this.current;
  }

  /** When something happens next, undefined when the day has nothing left. */
  nextAt(): EpochMs | undefined {
    const [tick, due] = [this.source.feed.nextAt(), this.schedule.nextAt()];
    if (tick === undefined || due === undefined) return tick ?? due;
    return epochMs(Math.min(tick, due));
  }

  /** Plays everything due up to and including `at`. Going back in time does nothing. */
  advanceTo(at: EpochMs): void {
    for (let next = this.nextAt(); next !== undefined && next <= at; next = this.nextAt()) {
      this.current = epochMs(Math.max(this.current, next));
      const due = this.schedule.nextAt();
      if (due !== undefined && due <= next) this.schedule.runNext();
      else this.takeTick();
    }
    this.current = epochMs(Math.max(this.current, at));
  }

  /** The tape of `tradingsymbol`. @throws KiteError as Kite says it for an unknown instrument. */
  tape(tradingsymbol: string): Tape {
    const tape = this.bySymbol.get(tradingsymbol);
    if (tape !== undefined) return tape;
    throw inputError(
      'The instrument you are placing an order for has either expired or does not exist.',
    );
  }

  findTape(tradingsymbol: string): Tape | undefined {
    return this.bySymbol.get(tradingsymbol);
  }

  tapeByToken(token: number): Tape {
    const tape = this.tapes.get(token);
    invariant(tape !== undefined, 'Invariant: an order belongs to a listed instrument');
    return tape;
  }

  phase(listing: Listing): SessionPhase {
    return phaseAt(this.day, listing, this.current, this.seed);
  }

  /** Takes an order. @throws KiteError when a pre-check refuses it; then nothing has changed. */
  place(terms: OrderTerms, placer: Placer = 'client', extra: Partial<NewOrder> = {}): Order {
    const tape = this.tape(terms.tradingsymbol);
    if (tape.listing.isIndex) throw inputError('Indices cannot be traded.');
    if (placer !== 'broker') this.check(terms, tape);
    const order = this.desk.create({
      ...extra,
      terms,
      listing: tape.listing,
      placer,
      at: this.now,
    });
    this.journal(journalLine(this.now, 'place', { orderId: order.orderId, placer, ...terms }));
    const hidden = placer === 'client' ? this.faults.strike(['invisible-order']) : undefined;
    if (hidden !== undefined) {
      this.hiddenUntil.set(order.orderId, later(this.now, hidden.ms ?? 30_000));
    }
    this.afterDelay(order, 'validation', () => {
      if (isDone(order)) return;
      if (terms.variety === 'amo') holdAfterMarket(this, order);
      else validateOrder(this, order);
    });
    return order;
  }

  private check(terms: OrderTerms, tape: Tape): void {
    if (terms.variety === 'amo') checkAfterMarket(this, terms, tape);
    else preCheck(terms, tape, this.phase(tape.listing));
    if (terms.product === 'CNC' && terms.side === 'SELL') {
      checkAuthorisation(this.account, tape.listing, terms.quantity);
    }
  }

  /** Calls back when the order is over, a moment of market time later. */
  whenOver(order: Order, act: (order: OrderView) => void): void {
    this.desk.follow(order.orderId, (over) => {
      this.afterDelay(order, 'over', () => act(over));
    });
  }

  /** Accepts a change of a live order. @throws KiteError when it cannot be changed. */
  modify(orderId: string, changes: OrderChanges): Order {
    const order = this.knownOrder(orderId);
    const tape = this.tapeByToken(order.listing.instrumentToken);
    checkChanges(order, changes, tape, this.phase(order.listing));
    order.modifications += 1;
    this.journal(journalLine(this.now, 'modify', { orderId, ...definedOnly(changes) }));
    if (isAfterMarket(order)) {
      changeAfterMarket(this, order, changes);
      return order;
    }
    sendChanges(this, order, changes);
    return order;
  }

  /** Accepts a cancellation. @throws KiteError when the order is unknown or over. */
  cancel(orderId: string): Order {
    const order = this.knownOrder(orderId);
    if (isDone(order) || order.status === 'CANCEL PENDING') {
      throw orderError('Order cannot be cancelled as it is being processed.');
    }
    this.journal(journalLine(this.now, 'cancel', { orderId }));
    this.desk.step(order, 'CANCEL PENDING', this.now);
    this.afterDelay(order, 'cancel', (at) => {
      if (isDone(order)) return;
      const canFill = order.stage !== 'pending';
      const races = canFill && this.faults.strike(['cancel-fill-race']) !== undefined;
      if (races) this.floor.fillNow(order, this.tapeByToken(order.listing.instrumentToken), at);
      else this.desk.finish(order, 'CANCELLED', at);
    });
    return order;
  }

  /** Do the books show the order? Not while an `invisible-order` fault hides it. */
  isVisible(order: Order): boolean {
    return this.now >= (this.hiddenUntil.get(order.orderId) ?? 0);
  }

  /** A trade by hand at the present moment: moves the stock's price, wakes stops, fills orders. */
  print(tradingsymbol: string, price: Paise, quantity: number): void {
    const tape = this.tape(tradingsymbol);
    const { tickSize, instrumentToken: token } = tape.listing;
    if (price <= 0 || !isOnTick(price, tickSize)) {
      throw inputError(
        `price must be a positive multiple of the tick ${tickSize / 100}, was ${price / 100}`,
      );
    }
    const tick = {
      at: this.now,
      token,
      price,
      quantity: shares(quantity),
      rangeLow: paise(Math.min(price, tape.rangeLow)),
      rangeHigh: paise(Math.max(price, tape.rangeHigh)),
    };
    this.source.print?.(tick);
    tape.apply(tick);
    this.floor.meetTrade(tape, quantity, this.now);
    this.gtts.meetPrice(tradingsymbol, price);
    this.tickListener(tape);
  }

  knownOrder(orderId: string): Order {
    const order = this.desk.find(orderId);
    if (order !== undefined) return order;
    throw orderError("Couldn't find that `order_id`.");
  }

  /** As `knownOrder`, but a hidden one is not found. */
  visibleOrder(orderId: string): Order {
    const order = this.knownOrder(orderId);
    if (this.isVisible(order)) return order;
    throw orderError("Couldn't find that `order_id`.");
  }

  private takeTick(): void {
    const taken = this.source.feed.take();
    const tape = this.tapeByToken(taken.token);
    const tick = this.circuits.locked(taken);
    this.circuits.follow(tick);
    tape.apply(tick);
    if (!tape.listing.isIndex) {
      this.floor.meetTrade(tape, tick.quantity, tick.at);
      this.gtts.meetPrice(tape.listing.tradingsymbol, tick.price);
    }
    this.tickListener(tape);
  }

  /** 15-60 ms of market time, drawn from the order's own stream. */
  afterDelay(order: Order, step: string, act: (at: EpochMs) => void): void {
    const delay = chanceFor(this.seed, `delay/${order.orderId}/${step}`).whole(15, 60);
    this.schedule.add(later(this.now, delay), act);
  }
}

function definedOnly(changes: OrderChanges): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(changes).filter(
      (entry): entry is [string, string | number] => entry[1] !== undefined,
    ),
  );
}
