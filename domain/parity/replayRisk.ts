// Asks risk about the candidates of a replayed bar again, and opens the positions that follow. The last
// price, the broker's margin and which positions had closed by then are inputs. Risk's view of the day is
// built again from the recorded intents.
import {
  approvedIntent,
  approvedVerdict,
  bookAsked,
  candidatesOf,
  proposeEntry,
  refusedVerdict,
  requireInTime,
  type Candidate,
  type RiskAnswer,
  type RiskVerdict,
} from '../entry';
import { Refused } from '../errors';
import type { Intent } from '../position';
import { approve, checkMargin } from '../risk';
import type { EpochMs } from '../units';
import { differencesOf, type Compared, type Difference } from './differences';
import type { DayRecord } from './record';
import type { ReplayedBar } from './replayBar';

interface Outcome {
  readonly verdict: RiskVerdict;
  readonly intent: Intent | null;
}

/** The recorded day, prepared for one question after the other. */
export class RiskReplay {
  readonly #record: DayRecord;
  readonly #intents: ReadonlyMap<string, Intent>;
  readonly #entered: string[] = [];

  constructor(record: DayRecord) {
    this.#record = record;
    this.#intents = new Map(
      [...record.intents, ...record.carriedIn].map((intent) => [intent.intentId, intent]),
    );
  }

  /** Ids of the intents the replay has approved so far, in order. */
  get entered(): readonly string[] {
    return this.#entered;
  }

  /** @param answers risk's answers the day stored for the bar. */
  bar(barAt: EpochMs, bar: ReplayedBar, answers: readonly RiskAnswer[]): readonly Difference[] {
    const byStock = new Map(answers.map((answer) => [answer.tradingsymbol, answer]));
    const candidates = candidatesOf(bar.judged, (stock) => byStock.get(stock)?.asked.ltp);
    const differences = candidates.flatMap((candidate, place) => {
      const { tradingsymbol } = candidate.decision;
      const about = { kind: 'risk', tradingsymbol, barAt } as const;
      const stored = byStock.get(tradingsymbol);
      if (stored === undefined)
        return [{ ...about, field: 'answer', stored: undefined, replayed: 'a candidate' }];
      return [
        ...differencesOf(about, stored.place, place, 'place'),
        ...this.#answer(about, candidate, stored),
      ];
    });
    const proposed = new Set(candidates.map(({ decision }) => decision.tradingsymbol));
    const unasked = answers
      .filter(({ tradingsymbol }) => !proposed.has(tradingsymbol))
      .map(({ tradingsymbol, code }): Difference => ({
        kind: 'risk',
        tradingsymbol,
        barAt,
        field: 'answer',
        stored: code,
        replayed: undefined,
      }));
    return [...differences, ...unasked];
  }

  #answer(about: Compared, candidate: Candidate, stored: RiskAnswer): readonly Difference[] {
    const bookDifferences = this.#checkBook(about, stored);
    const { verdict, intent } = this.#ask(candidate, stored);
    const { code, reason, numbers } = stored;
    const differences = differencesOf(about, { code, reason, numbers }, verdict);
    if (intent === null) return [...bookDifferences, ...differences];
    this.#entered.push(intent.intentId);
    const trade = { ...about, kind: 'trade' } as const;
    const traded = this.#intents.get(intent.intentId);
    return [
      ...bookDifferences,
      ...differences,
      ...differencesOf(trade, traded, intent, traded === undefined ? 'position' : ''),
    ];
  }

  /**
   * Checks the view risk was asked with: its entries are those made, and its profit is that of the closed
   * positions.
   */
  #checkBook(about: Compared, { asked: { book } }: RiskAnswer): readonly Difference[] {
    const sorted = (ids: readonly string[]): readonly string[] => ids.toSorted();
    const { netPnl, carriedIn } = this.#record;
    const earlier = new Set(carriedIn.map(({ intentId }) => intentId));
    const enteredToday = [...book.open, ...book.closed].filter((id) => !earlier.has(id));
    const dayPnl = book.closed.reduce((sum, id) => sum + (netPnl.get(id) ?? 0), 0);
    return [
      ...differencesOf(about, sorted(enteredToday), sorted(this.#entered), 'book.entries'),
      ...differencesOf(about, book.dayPnl, dayPnl, 'book.dayPnl'),
    ];
  }

  #ask(candidate: Candidate, { asked }: RiskAnswer): Outcome {
    const { account, date, plan, terms, stocks } = this.#record;
    const day = { account, date, plan, ...terms };
    const { tradingsymbol } = candidate.decision;
    const stock = stocks.find((one) => one.tradingsymbol === tradingsymbol);
    const entry = stock === undefined ? null : proposeEntry(day, stock, candidate, asked.barEnd);
    if (entry === null) return { verdict: notWatched, intent: null };
    const book = bookAsked(asked.book, date, (id) => this.#intents.get(id));
    try {
      requireInTime(asked.lateMs);
      const sized = approve(entry.proposal, book, terms.risk);
      if (asked.margin !== undefined) checkMargin(asked.margin, terms.risk);
      const intent = approvedIntent(day, entry, sized);
      return { verdict: approvedVerdict(plan, entry, sized), intent };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { verdict: refusedVerdict(error), intent: null };
    }
  }
}

const notWatched: RiskVerdict = {
  code: 'NOT_WATCHED',
  reason: 'the stock is not one of the day',
  numbers: {},
};
