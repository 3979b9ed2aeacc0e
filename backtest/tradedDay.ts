// Steps 8 to 11 of the day (docs/trading-day.md) on a recorded day under the virtual clock: risk, entry,
// protection, trailing and square-off, by the state machine against the exchange's own engine. Positions are
// counted as the day workflow counts them. The exchange's books are the measure of the money.
import {
  emptyScore,
  openedBy,
  withOpened,
  withReport,
  type Candidate,
  type DayPositions,
} from '../domain/entry';
import { Fatal } from '../domain/errors';
import { brokerCapabilities } from '../broker';
import { waitForWrite } from '../domain/orders/limiter';
import { apply, nextCommand, type PositionTerms } from '../domain/position';
import type { RiskApproved } from '../domain/risk';
import { sessionClock } from '../domain/session/sessionClock';
import { offer, openGate, openSieve, sieveTerms, sift } from '../domain/trailing';
import type { EpochMs, Paise } from '../domain/units';
import { netQuantityOf, type ExchangeBooks } from '../exchange/engine/account';
import { Exchange } from '../exchange/engine/exchange';
import type { Fill } from '../exchange/engine/order';
import { FaultBox } from '../exchange/faults/faultBox';
import { approvedEntry, proposeEach, riskView } from './approvedEntry';
import { judgementMs, type DayTerms, type TradesOfDay } from './tradedTerms';
import { CalmBroker } from './calmBroker';
import { CrossingGateway } from './crossingGateway';
import type { EntryPlan } from './entryPlan';
import { reportRow } from './exchangeRows';
import type { RecordedDay } from './recordedDay';
import { TradedPosition, type DayTrade } from './tradedPosition';
import { VirtualClock } from './virtualClock';
import { WriteGate } from './writeGate';

/**
 * A bar is complete with the next minute's first tick. Without one for this long it is stale and not traded.
 */
const feedDeadlineMs = 8_000;
/** How long messages from the gateway are on their way. */
const messageMs = 20;

export interface TradedDay extends TradesOfDay {
  readonly books: ExchangeBooks;
  /** The exchange's own trades, in order. */
  readonly fills: readonly Fill[];
}

/** Trades the day once. @throws Fatal BACKTEST_BOOKS when our money and the exchange's differ. */
export function tradeDay(day: RecordedDay, terms: DayTerms, plan: EntryPlan): TradedDay {
  return new DayRun(day, terms).play(plan);
}

class DayRun {
  readonly #terms: DayTerms;
  readonly #clock: VirtualClock;
  readonly #exchange: Exchange;
  readonly #broker: CalmBroker;
  readonly #gateway: CrossingGateway;
  readonly #runs = new Map<string, TradedPosition>();
  readonly #approved: RiskApproved<PositionTerms>[] = [];
  readonly #sizeFactors: number[] = [];
  readonly #refusals: Record<string, number> = {};
  readonly #trades: DayTrade[] = [];
  readonly #staleBars: EpochMs[] = [];
  #lastTickAt = 0;
  #book: DayPositions = { positions: [], score: emptyScore };

  constructor(recorded: RecordedDay, terms: DayTerms) {
    const { day } = terms;
    const startAt = sessionClock(day, true).preOpen;
    this.#terms = terms;
    this.#clock = new VirtualClock(startAt);
    this.#exchange = new Exchange({
      day,
      seed: terms.seed,
      source: recorded.market(),
      openingCash: terms.cash,
      startAt,
      journal: () => undefined,
      faults: new FaultBox(terms.seed),
    });
    const gate = new WriteGate(this.#clock, waitForWrite, brokerCapabilities.writes);
    this.#broker = new CalmBroker(this.#clock, this.#exchange, gate);
    this.#gateway = new CrossingGateway({
      clock: this.#clock,
      delay: () => messageMs,
      machine: { offer, openGate, sift },
      sieveOf: (tradingsymbol) => {
        const { band, lastPrice, listing } = this.#exchange.tape(tradingsymbol);
        return openSieve(sieveTerms(band, listing.tickSize * 20, lastPrice));
      },
      deliver: (tag, event) => this.#runs.get(tag)?.take(event),
    });
  }

  play(plan: EntryPlan): TradedDay {
    const [clock, exchange, gateway] = [this.#clock, this.#exchange, this.#gateway];
    exchange.tickListener = ({ listing, lastPrice, updatedAt }) => {
      this.#lastTickAt = updatedAt ?? this.#lastTickAt;
      if (this.#isHeld(listing.tradingsymbol)) gateway.tick(listing.tradingsymbol, lastPrice);
    };
    exchange.desk.listener = (order) => gateway.orderUpdate(order.tag, reportRow(order));
    for (const barEnd of plan.barEnds)
      clock.at(barEnd, () => this.#awaitFeed(barEnd, () => this.#enterBar(barEnd, plan)));
    clock.run(exchange, this.#terms.entryDay.plan.close);
    this.#requireAgreement();
    return {
      trades: this.#trades,
      approved: this.#approved,
      sizeFactors: this.#sizeFactors,
      refusals: this.#refusals,
      staleBars: this.#staleBars,
      books: exchange.account.books(),
      fills: exchange.account.fills,
    };
  }

  #isHeld(tradingsymbol: string): boolean {
    return this.#book.positions.some(
      ({ instrument, closed }) => !closed && instrument.tradingsymbol === tradingsymbol,
    );
  }

  #awaitFeed(barEnd: EpochMs, enter: () => void): void {
    const next = this.#lastTickAt >= barEnd ? barEnd : this.#exchange.source.feed.nextAt();
    if (next !== undefined && next <= barEnd + feedDeadlineMs)
      this.#clock.at(next + judgementMs, enter);
    else this.#staleBars.push(barEnd);
  }

  #enterBar(barEnd: EpochMs, plan: EntryPlan): void {
    const next = plan.candidates(barEnd, (tradingsymbol) => {
      const { updatedAt, lastPrice } = this.#exchange.tape(tradingsymbol);
      return updatedAt !== null && updatedAt >= barEnd ? lastPrice : undefined;
    });
    proposeEach(
      () => next(this.#approved.length),
      this.#refusals,
      (candidate) => this.#propose(candidate, barEnd),
    );
  }

  /**
   * Does what the day workflow does: risk, the broker's margin, and a position for an approval. @throws
   * Refused
   */
  #propose(candidate: Candidate, barEnd: EpochMs): void {
    const terms = approvedEntry(this.#terms, candidate, {
      barEnd,
      view: riskView(this.#terms, this.#book, this.#clock.now),
      marginFor: (tradingsymbol, value) => this.#broker.marginFor(tradingsymbol, value),
    });
    if (terms === null) return;
    this.#open(terms);
    this.#sizeFactors.push(candidate.decision.sizeFactor);
  }

  #open(terms: RiskApproved<PositionTerms>): void {
    this.#book = withOpened(this.#book, openedBy(terms.intent));
    this.#approved.push(terms);
    const run = new TradedPosition(
      terms,
      {
        clock: this.#clock,
        wire: this.#broker,
        gateway: this.#gateway,
        machine: { apply, nextCommand },
        mayEnter: () => true,
      },
      (trade, netPnl) => this.#closed(terms.intent.intentId, trade, netPnl),
    );
    this.#runs.set(run.tag, run);
    run.pump();
  }

  #closed(intentId: string, trade: DayTrade | null, netPnl: Paise): void {
    this.#book = withReport(this.#book, { intentId, closed: true, netPnl }, this.#clock.now);
    if (trade !== null) this.#trades.push(trade);
  }

  /** Checks that everything is closed, and that the trades' money is the exchange's to the paisa. */
  #requireAgreement(): void {
    const { account, date } = this.#exchange;
    const books = account.books();
    const open = account.positions().filter((position) => netQuantityOf(position) !== 0);
    const unclosed = [...this.#runs.values()].filter((run) => !run.isOver());
    const net = this.#trades.reduce((sum, trade) => sum + trade.netPnl, 0);
    if (open.length === 0 && unclosed.length === 0 && books.cash - books.openingCash === net)
      return;
    throw new Fatal({
      code: 'BACKTEST_BOOKS',
      message: `${date}: our trades make ${net} paise, the exchange's books ${books.cash - books.openingCash}; ${open.length} stocks open, ${unclosed.length} positions not closed`,
      context: { date },
    });
  }
}
