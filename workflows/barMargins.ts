// The broker's margin for the entries of one bar, asked in one request for all that risk would allow now: its
// requests are few a second, and an entry should not wait behind the others' answers. What this bar's own
// entries block is taken off here, because the broker hears of them later.
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

/** Null without an answer, for whatever reason: the entry is refused, the day goes on. */
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

  /** The figures for an approved entry; asked for alone where risk had not allowed it a moment ago. */
  async of(entry: ProposedEntry, sized: RiskApproved<SizedTrade>): Promise<BrokerMargin | null> {
    const question = questionOf(entry, sized);
    if (this.#quote === null) return null;
    const quoted = quotedMargin(this.#quote, question, this.#blocked);
    if (quoted !== null) return quoted;
    const own = await ask([question]);
    return own === null ? null : quotedMargin(own, question, this.#blocked);
  }

  /** An entry of the bar is on its way. */
  block(margin: BrokerMargin | null): void {
    this.#blocked = paise(this.#blocked + (margin?.required ?? 0));
  }
}
