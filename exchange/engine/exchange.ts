// The exchange and broker as one state machine. It is moved by `advanceTo(market time)` and by requests;
// it reads no clock and draws chance only from its seed. An accepted request answers at once with an
// order id; what becomes of it happens later, on the market's clock, as at the real one. This file puts
// the parts together and says what may be asked of them; no part knows it.
import type { RateCard } from '../../domain/charges';
import type { SessionDate, TradingDay } from '../../domain/session/calendar';
import { epochMs, type EpochMs, type Paise } from '../../domain/units';
import type { FaultBox } from '../faults/faultBox';
import type { Listing } from '../market/listing';
import type { MarketSource } from '../market/source';
import { Account } from './account';
import { AfterMarket } from './afterMarket';
import { Circuits } from './circuits';
import { convertPosition, type Conversion } from './conversion';
import { Floor, type FillLimit } from './floor';
import { GttDesk, type GttState } from './gtt';
import { holdingOf, type HoldingTerms } from './holdings';
import { journalLine, type JournalSink } from './journal';
import { MarketRecord, type Recall } from './marketRecord';
import type { Order, OrderChanges, OrderTerms, OrderView, Placer } from './order';
import { OrderDesk, type OrderList } from './orderDesk';
import { OrderEntry } from './orderEntry';
import { OrderPath } from './orderPath';
import { scheduleSession } from './sessionEvents';
import type { SessionPhase } from './sessionGate';
import { SessionTime } from './sessionTime';
import { placeIceberg } from './slices';
import type { Tape } from './tape';
import { Tapes } from './tapes';
import { TickPath } from './tickPath';

export interface ExchangeOptions {
  readonly day: TradingDay;
  readonly seed: number;
  readonly source: MarketSource;
  readonly openingCash: Paise;
  readonly startAt: EpochMs;
  readonly journal: JournalSink;
  readonly faults: FaultBox;
  /** Of a killed exchange that is being rebuilt. */
  readonly recall?: Recall | undefined;
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
  readonly faults: FaultBox;
  readonly account: Account;
  readonly desk: OrderList;
  readonly floor: FillLimit;
  readonly gtts: GttDesk;
  readonly circuits: Circuits;
  /** Called after each tick was applied and matched. */
  tickListener: (tape: Tape) => void = () => undefined;
  private readonly time: SessionTime;
  private readonly listed: Tapes;
  private readonly entry: OrderEntry;
  private readonly ticks: TickPath;
  private readonly journal: JournalSink;
  private readonly record: MarketRecord;

  constructor(options: ExchangeOptions) {
    const { day, seed, source, journal, faults } = options;
    const time = new SessionTime(day, seed, options.startAt);
    const { date } = day;
    const tapes = new Tapes(source.listings, seed);
    const account = openAccount(options, tapes);
    const desk = new OrderDesk(date, journal);
    const floor = new Floor({ account, desk, journal });
    const isKept = source.distant !== undefined;
    const record = new MarketRecord({ isKept, tapes, time, journal, recall: options.recall });
    const shared = { account, desk, floor, tapes, time, faults, journal, record };
    const path = new OrderPath(shared);
    const afterMarket = new AfterMarket({ desk, time, validate: (order) => path.validate(order) });
    const entry = new OrderEntry({ ...shared, path, afterMarket });
    const placeFor =
      (placer: Placer) =>
      (terms: OrderTerms): Order =>
        entry.place(terms, placer);
    this.day = day;
    this.source = source;
    this.faults = faults;
    this.account = account;
    this.desk = desk;
    this.floor = floor;
    this.time = time;
    this.listed = tapes;
    this.entry = entry;
    this.journal = journal;
    this.record = record;
    this.gtts = new GttDesk({ tapes, time, journal, place: placeFor('gtt') }, options.gtts);
    this.circuits = new Circuits({ tapes, desk, time, print: (...trade) => this.print(...trade) });
    this.ticks = new TickPath({
      ...shared,
      source,
      circuits: this.circuits,
      gtts: this.gtts,
      told: (tape) => this.tickListener(tape),
    });
    recordOpening(options, account);
    faults.listener = (fault, on) =>
      journal(journalLine(time.now, 'fault', { fault, on: on ?? null }));
    scheduleSession({ ...shared, source, placeAsBroker: placeFor('broker') });
  }

  get date(): SessionDate {
    return this.day.date;
  }

  /** Market time the exchange has reached. */
  get now(): EpochMs {
    return this.time.now;
  }

  /** When something happens next, undefined when the day has nothing left. */
  nextAt(): EpochMs | undefined {
    const [tick, due] = [this.source.feed.nextAt(), this.time.nextAt()];
    if (tick === undefined || due === undefined) return tick ?? due;
    return epochMs(Math.min(tick, due));
  }

  /** Plays everything due up to and including `at`. Going back in time does nothing. */
  advanceTo(at: EpochMs): void {
    while (this.playNext(at));
    this.time.moveTo(at);
  }

  /** Plays the next thing that is due up to and including `at`. @returns was there one? */
  playNext(at: EpochMs): boolean {
    const { time, ticks } = this;
    const next = this.nextAt();
    if (next === undefined || next > at) return false;
    time.moveTo(next);
    const due = time.nextAt();
    if (due !== undefined && due <= time.now) time.runNext();
    else ticks.take();
    return true;
  }

  /**
   * Goes on after a time in which nothing was heard of a market elsewhere. What was due meanwhile comes a moment
   * after the prices that have arrived by now.
   */
  resumeAt(at: EpochMs): void {
    this.time.skipTo(at);
    this.journal(journalLine(this.now, 'resumed', {}));
  }

  /** Makes tapes what a line of the journal says they were. */
  restoreTapes(text: string): void {
    this.record.restore(text);
  }

  /** Lets a tick of the journal come again. */
  takeAgain(tradingsymbol: string, text: string): void {
    this.ticks.takeAgain(this.tape(tradingsymbol), text);
  }

  /** Does it when the market's time reaches the instant. */
  at(instant: EpochMs, act: (at: EpochMs) => void): void {
    this.time.at(instant, act);
  }

  phase(listing: Listing): SessionPhase {
    return this.time.phase(listing);
  }

  /** Everything listed, by instrument token. */
  get tapes(): ReadonlyMap<number, Tape> {
    return this.listed.byToken;
  }

  /** The tape of `tradingsymbol`. @throws KiteError as Kite says it for an unknown instrument. */
  tape(tradingsymbol: string): Tape {
    return this.listed.named(tradingsymbol);
  }

  /** Instruments whose prices orders, triggers, positions or holdings wait for. */
  wantedTokens(): readonly number[] {
    const { account, desk, gtts } = this;
    const listings = [
      ...desk.allLive().map(({ listing }) => listing),
      ...account.positions().map(({ listing }) => listing),
      ...account.holdings.map(({ listing }) => listing),
      ...gtts.all().flatMap(({ tradingsymbol }) => this.findTape(tradingsymbol)?.listing ?? []),
    ];
    return [...new Set(listings.map(({ instrumentToken }) => instrumentToken))];
  }

  findTape(tradingsymbol: string): Tape | undefined {
    return this.listed.find(tradingsymbol);
  }

  /** The tape of something known to be listed. */
  tapeByToken(instrumentToken: number): Tape {
    return this.listed.of({ instrumentToken });
  }

  /** Takes an order. @throws KiteError when a pre-check refuses it; then nothing has changed. */
  place(terms: OrderTerms, placer: Placer = 'client'): Order {
    return this.entry.place(terms, placer);
  }

  /** Takes an order in legs and places the first. @throws KiteError when it cannot be an iceberg. */
  placeIceberg(terms: OrderTerms): Order {
    const { entry, listed: tapes } = this;
    return placeIceberg(
      {
        tapes,
        place: (leg, origin) => entry.place(leg, 'client', origin),
        whenOver: (order, act) => entry.whenOver(order, act),
      },
      terms,
    );
  }

  /** Accepts a change of a live order. @throws KiteError when it cannot be changed. */
  modify(orderId: string, changes: OrderChanges): Order {
    return this.entry.modify(orderId, changes);
  }

  /** Accepts a cancellation. @throws KiteError when the order is unknown or over. */
  cancel(orderId: string): Order {
    return this.entry.cancel(orderId);
  }

  /** Moves an open position to the other product. @throws KiteError when that cannot be. */
  convert(conversion: Conversion): void {
    const { account, desk, time, journal } = this;
    convertPosition({ account, desk, time, journal }, conversion);
  }

  /** A trade by hand at the present moment: moves the stock's price, wakes stops, fills orders. */
  print(tradingsymbol: string, price: Paise, quantity: number): void {
    this.ticks.print(tradingsymbol, price, quantity);
  }

  /**
   * Writes down that a call by hand is about to change the market or the account.
   * @param tradingsymbol the stock it is about.
   */
  noteCall(call: string, body: string, tradingsymbol?: string): void {
    const tapes = tradingsymbol === undefined ? [] : [this.tape(tradingsymbol)];
    this.journal(journalLine(this.now, 'admin', { call, body, ...this.record.changesOf(tapes) }));
  }

  /** Do the books show the order? Not while an `invisible-order` fault hides it. */
  isVisible(order: OrderView): boolean {
    return this.entry.isVisible(order);
  }

  /** @throws KiteError for an id that never was. */
  knownOrder(orderId: string): Order {
    return this.entry.known(orderId);
  }

  /** As `knownOrder`, but a hidden one is not found. */
  visibleOrder(orderId: string): Order {
    return this.entry.visible(orderId);
  }
}

function openAccount(
  { day, openingCash, holdings = [], rateCards }: ExchangeOptions,
  tapes: Tapes,
): Account {
  const held = holdings.map((terms) => holdingOf(terms, tapes.named(terms.tradingsymbol).listing));
  return new Account(openingCash, day.date, { holdings: held, rateCards });
}

/** The journal begins with what the account has. */
function recordOpening(options: ExchangeOptions, account: Account): void {
  const { day, seed, openingCash, startAt, journal } = options;
  journal(journalLine(startAt, 'session', { date: day.date, seed, openingCash }));
  for (const { listing, ...holding } of account.holdings) {
    const { tradingsymbol } = listing;
    journal(journalLine(startAt, 'holding', { tradingsymbol, ...holding }));
  }
}
