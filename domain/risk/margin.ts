// The last question before an entry is sent: does the broker, by its own figures, have the margin for it?
import { paise, type Paise } from '../units';
import { refuse } from './dayChecks';
import type { RiskLimits } from './limits';

/** The broker's answer; null where it gave none. */
export interface BrokerMargin {
  /** What this order would block. */
  readonly required: Paise;
  /** What is free now. */
  readonly available: Paise;
  /** What is blocked now. */
  readonly used: Paise;
}

/** The broker's figures for several entries, from one question. */
export interface MarginQuote {
  readonly available: Paise;
  readonly used: Paise;
  /** What each entry would block by itself, by tradingsymbol. */
  readonly entries: Readonly<
    Record<string, { readonly quantity: number; readonly required: Paise }>
  >;
}

/**
 * The figures for one entry of a quote, in proportion to its quantity; null where the quote does not contain
 * it.
 * @param blocked what entries approved since the quote will block, which the broker did not know of.
 */
export function quotedMargin(
  quote: MarginQuote,
  { tradingsymbol, quantity }: { readonly tradingsymbol: string; readonly quantity: number },
  blocked: Paise,
): BrokerMargin | null {
  const entry = quote.entries[tradingsymbol];
  if (entry === undefined) return null;
  return {
    required: paise(Math.ceil((entry.required * quantity) / entry.quantity)),
    available: paise(quote.available - blocked),
    used: paise(quote.used + blocked),
  };
}

/**
 * @throws Refused MARGIN_UNKNOWN without an answer, MARGIN when it does not suffice, MARGIN_USE when more of
 * the account would be in use than allowed.
 */
export function checkMargin(
  margin: BrokerMargin | null,
  limits: Pick<RiskLimits, 'marginUseBps'>,
): void {
  if (margin === null)
    refuse('MARGIN_UNKNOWN', 'the broker did not say what margin the order needs');
  const { required, available, used } = margin;
  const useMax = ((available + used) * limits.marginUseBps) / 10_000;
  if (required > available)
    refuse('MARGIN', 'the broker has less free margin than the order needs', {
      required,
      available,
    });
  if (used + required > useMax)
    refuse('MARGIN_USE', 'the order would use more of the margin than allowed', {
      required,
      used,
      useMax: Math.floor(useMax),
    });
}
