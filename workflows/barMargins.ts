// The broker's margin for the entries of one bar. It is asked in one request for all entries that risk would
// allow now, because the broker's requests are limited and no entry should wait behind the others' answers.
// What earlier entries of the same bar will block is subtracted here, since the broker did not know of them
// when it answered.
import { proxyActivities } from '@temporalio/workflow';
import type { EntryActivities, EntryQuestion } from '../activities/marketData';
import type { ProposedEntry } from '../domain/entry';
import { Refused } from '../domain/errors';
import {
  approve,
  quotedMargin,
  type BrokerMargin,
  type MarginQuote,
  type RiskApproved,
  type SizedTrade,
} from '../domain/risk';
import { paise, type Paise } from '../domain/units';
import type { TradingDayInput } from './dayInput';
import type { DayState } from './dayState';
import { now } from './hostClock';
import { marketQueue } from './messages';
import { analysis } from './policies';

const { quoteMargins } = proxyActivities<EntryActivities>({ ...analysis, taskQueue: marketQueue });

/** Null when there is no answer, whatever the reason. The entry is then refused and the day goes on. */
const ask = (questions: readonly EntryQuestion[]): Promise<MarginQuote | null> =>
  quoteMargins(questions).catch(() => null);

const questionOf = (
  { proposal: { instrument, direction, product } }: ProposedEntry,
  { quantity, entryLimit: price }: RiskApproved<SizedTrade>,
): EntryQuestion => ({
  tradingsymbol: instrument.tradingsymbol,
  direction,
  product,
  quantity,
  price,
});

const nothingAsked: MarginQuote = { available: paise(0), used: paise(0), entries: {} };

export class BarMargins {
  readonly #quote: MarginQuote | null;
  #blocked: Paise = paise(0);

  private constructor(quote: MarginQuote | null) {
    this.#quote = quote;
  }

  static async asked(
    proposed: readonly ProposedEntry[],
    { input, state }: { readonly input: TradingDayInput; readonly state: DayState },
  ): Promise<BarMargins> {
    const book = state.riskBook(now());
    const questions = proposed.flatMap((entry): EntryQuestion[] => {
      try {
        return [questionOf(entry, approve(entry.proposal, book, input.risk))];
      } catch (error) {
        if (error instanceof Refused) return [];
        throw error;
      }
    });
    return new BarMargins(questions.length === 0 ? nothingAsked : await ask(questions));
  }

  /**
   * The figures for an approved entry. An entry that risk did not allow when the bar was asked about is asked
   * about alone.
   */
  async of(entry: ProposedEntry, sized: RiskApproved<SizedTrade>): Promise<BrokerMargin | null> {
    const question = questionOf(entry, sized);
    if (this.#quote === null) return null;
    const quoted = quotedMargin(this.#quote, question, this.#blocked);
    if (quoted !== null) return quoted;
    const own = await ask([question]);
    return own === null ? null : quotedMargin(own, question, this.#blocked);
  }

  /** Counts the margin of an entry that is about to be sent. */
  block(margin: BrokerMargin | null): void {
    this.#blocked = paise(this.#blocked + (margin?.required ?? 0));
  }
}
