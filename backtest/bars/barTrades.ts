// Steps 8 to 11 of the day (docs/trading-day.md) on a day's minutes, without an exchange: the same questions to risk,
// the same levels and the same charges, with fills taken from the candles. It is what a search can afford; the
// exchange's own matching is the reference (docs/backtest.md).
import {
  emptyScore,
  openedBy,
  withOpened,
  withReport,
  type Candidate,
  type DayPositions,
} from '../../domain/entry';
import { settlementOf } from '../../domain/ledger/settlement';
import { rowFrom } from '../../domain/market/minuteColumns';
import type { Fill } from '../../domain/orders/order';
import { trailingTerms, type ExitReason, type PositionTerms } from '../../domain/position';
import type { BrokerMargin, RiskApproved, RiskView } from '../../domain/risk';
import { startTrail, type Trail, type TrailingTerms } from '../../domain/trailing';
import {
  directionSign,
  entrySide,
  epochMs,
  exitSide,
  paise,
  type EpochMs,
  type Paise,
  type Side,
} from '../../domain/units';
import { approvedEntry, proposeEach, riskView } from '../approvedEntry';
import type { EntryPlan } from '../entryPlan';
import { judgementMs, type DayTerms, type TradesOfDay } from '../tradedTerms';
import type { DayTrade } from '../tradedPosition';
import type { BarDay } from './barMarket';
import type { DaySeries } from './seriesMinutes';
import { defaultSlippage, heldMinute, slipped, type Slippage } from './heldMinute';

const minuteMs = 60_000;

interface Held {
  readonly terms: RiskApproved<PositionTerms>;
  readonly trailing: TrailingTerms;
  readonly series: DaySeries;
  readonly enteredAt: EpochMs;
  readonly margin: number;
  trail: Trail;
  row: number;
}

/** Trades the day once. */
export function tradeBars(
  day: BarDay,
  terms: DayTerms,
  plan: EntryPlan,
  slippage: Slippage = defaultSlippage,
): TradesOfDay {
  return new BarRun(day, terms, slippage).play(plan);
}

class BarRun {
  readonly #day: BarDay;
  readonly #terms: DayTerms;
  readonly #slippage: Slippage;
  readonly #held = new Set<Held>();
  readonly #trades: DayTrade[] = [];
  readonly #approved: RiskApproved<PositionTerms>[] = [];
  readonly #sizeFactors: number[] = [];
  readonly #refusals: Record<string, number> = {};
  readonly #staleBars: EpochMs[] = [];
  #positions: DayPositions = { positions: [], score: emptyScore };
  #realised = 0;
  #view: RiskView | undefined;
  #viewed: DayPositions | undefined;
  /** Minutes before this one have passed. */
  #minute: number;

  constructor(day: BarDay, terms: DayTerms, slippage: Slippage) {
    this.#day = day;
    this.#terms = terms;
    this.#slippage = slippage;
    this.#minute = terms.entryDay.plan.open / minuteMs;
  }

  play(plan: EntryPlan): TradesOfDay {
    // A refusal is an answer here, many times a day. Where it was made interests nobody and takes most of its time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return this.#play(plan);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  #play(plan: EntryPlan): TradesOfDay {
    for (const barEnd of plan.barEnds) {
      this.#passUntil(barEnd / minuteMs);
      if (this.#isStale(barEnd)) this.#staleBars.push(barEnd);
      else this.#enterBar(barEnd, plan);
    }
    this.#passUntil(Math.ceil(this.#terms.entryDay.plan.close / minuteMs));
    for (const held of this.#held) this.#leaveAtLast(held);
    return {
      trades: this.#trades,
      approved: this.#approved,
      sizeFactors: this.#sizeFactors,
      refusals: this.#refusals,
      staleBars: this.#staleBars,
    };
  }

  /** Nothing at all traded in the minute after the bar: the feed was silent. */
  #isStale(barEnd: EpochMs): boolean {
    return [...this.#day.series.values()].every((series) => rowAt(series, barEnd) === null);
  }

  #passUntil(minute: number): void {
    for (; this.#minute < minute; this.#minute += 1)
      for (const held of this.#held) this.#pass(held, this.#minute);
  }

  #pass(held: Held, minute: number): void {
    const { minutes, today } = held.series;
    while (held.row < today.until && (minutes.minute[held.row] ?? 0) < minute) held.row += 1;
    if (held.row >= today.until || minutes.minute[held.row] !== minute) return;
    const at = epochMs(minute * minuteMs);
    const { squareOffAt } = held.terms;
    if (squareOffAt !== null && at >= squareOffAt) {
      this.#leave(held, paise(minutes.open[held.row] ?? 0), 'squareOff', at);
      return;
    }
    const end = heldMinute(held.trailing, held.trail, minutes, {
      row: held.row,
      entered: at === held.enteredAt,
    });
    if (end.kind === 'held') held.trail = end.trail;
    else this.#leave(held, end.price, end.reason, at);
  }

  /** The files end before the position had to be left: at the last price there is. */
  #leaveAtLast(held: Held): void {
    const { minutes, today } = held.series;
    const at = epochMs((minutes.minute[today.until - 1] ?? 0) * minuteMs);
    this.#leave(held, paise(minutes.close[today.until - 1] ?? 0), 'squareOff', at);
  }

  #leave(held: Held, price: Paise, exitReason: ExitReason, at: EpochMs): void {
    this.#held.delete(held);
    const { intent } = held.terms;
    const { direction, quantity, instrument, reason, intentId } = intent;
    const sign = direction === 'LONG' ? -1 : 1;
    const exitPrice = slipped(price, sign, this.#slippage, held.trailing);
    const entryPrice = held.trailing.entry;
    const fillOf = (name: string, side: Side, price: Paise, at: EpochMs): Fill => ({
      tradeId: name,
      orderId: name,
      side,
      quantity,
      price,
      at,
    });
    const { grossPnl, charges } = settlementOf(
      [
        fillOf('entry', entrySide(direction), entryPrice, held.enteredAt),
        fillOf('exit', exitSide(direction), exitPrice, at),
      ],
      intent,
    );
    const netPnl = paise(grossPnl - charges);
    this.#realised += grossPnl;
    this.#positions = withReport(this.#positions, { intentId, closed: true, netPnl }, at);
    this.#trades.push({
      intentId,
      tradingsymbol: instrument.tradingsymbol,
      direction,
      quantity,
      entryPrice,
      exitPrice,
      exitReason,
      entryAt: held.enteredAt,
      exitAt: at,
      reason,
      grossPnl,
      charges,
      netPnl,
    });
  }

  #enterBar(barEnd: EpochMs, plan: EntryPlan): void {
    const next = plan.candidates(barEnd, (tradingsymbol) => {
      const series = this.#day.series.get(tradingsymbol);
      const row = series === undefined ? null : rowAt(series, barEnd);
      return series === undefined || row === null
        ? undefined
        : paise(series.minutes.open[row] ?? 0);
    });
    proposeEach(
      () => next(this.#approved.length),
      this.#refusals,
      (candidate) => this.#propose(candidate, barEnd),
    );
  }

  #propose(candidate: Candidate, barEnd: EpochMs): void {
    const terms = approvedEntry(this.#terms, candidate, {
      barEnd,
      view: this.#viewAt(epochMs(barEnd + judgementMs)),
      marginFor: (tradingsymbol, value) => this.#marginFor(tradingsymbol, value),
    });
    if (terms === null) return;
    this.#approved.push(terms);
    this.#sizeFactors.push(candidate.decision.sizeFactor);
    this.#positions = withOpened(this.#positions, openedBy(terms.intent));
    if (!this.#enter(terms, barEnd)) {
      const { intentId } = terms.intent;
      const outcome = { intentId, closed: true, netPnl: paise(0) };
      this.#positions = withReport(this.#positions, outcome, barEnd);
    }
  }

  /** The same until a position changes or a bar passes. */
  #viewAt(now: EpochMs): RiskView {
    if (this.#view?.now !== now || this.#viewed !== this.#positions) {
      this.#view = riskView(this.#terms, this.#positions, now);
      this.#viewed = this.#positions;
    }
    return this.#view;
  }

  /** Fills in the minute after the bar, or not at all: the entry is a limit that lives for a minute. */
  #enter(terms: RiskApproved<PositionTerms>, barEnd: EpochMs): boolean {
    const { direction, entryLimit, instrument, quantity } = terms.intent;
    const series = this.#day.series.get(instrument.tradingsymbol);
    const row = series === undefined ? null : rowAt(series, barEnd);
    if (series === undefined || row === null) return false;
    const { minutes } = series;
    const d = directionSign(direction);
    const open = paise(minutes.open[row] ?? 0);
    const against = d === 1 ? (minutes.low[row] ?? 0) : (minutes.high[row] ?? 0);
    if (d * (against - entryLimit) > 0) return false;
    const wanted = slipped(open, d, this.#slippage, { ...instrument, band: terms.intent.band });
    const entry = d * (wanted - entryLimit) > 0 ? entryLimit : wanted;
    const trailing = trailingTerms(terms, entry);
    this.#held.add({
      terms,
      trailing,
      series,
      enteredAt: barEnd,
      margin: Math.ceil((quantity * entry * series.listing.misMarginPct) / 100),
      trail: startTrail(trailing),
      row,
    });
    return true;
  }

  /** The figures a broker would give for an intraday entry. */
  #marginFor(tradingsymbol: string, value: Paise): BrokerMargin {
    const pct = this.#day.series.get(tradingsymbol)?.listing.misMarginPct ?? 100;
    const blocked = [...this.#held].reduce((sum, { margin }) => sum + margin, 0);
    return {
      required: paise(Math.ceil((value * pct) / 100)),
      available: paise(this.#terms.cash + this.#realised - blocked),
      used: paise(Math.max(0, blocked - this.#realised)),
    };
  }
}

/** The row of the minute that begins at an instant. */
function rowAt({ minutes, today }: DaySeries, at: EpochMs): number | null {
  const row = rowFrom(minutes, at);
  return row < today.until && minutes.minute[row] === at / minuteMs ? row : null;
}
