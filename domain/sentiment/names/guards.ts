// Names that also mean something else: "Titan" is a moon and a submersible, "Trent" a bowler, "Nestle" a Swiss
// company. Such a name counts where its surroundings say that the stock is meant. The rules are data
// (companyRules.json), the same for every name.
import rules from './companyRules.json';
import { keysOf, listed, type Word } from './words';

/** What must hold around a name, in plain words. All that is absent holds. */
interface Guard {
  /** One of these stands somewhere in the headline. */
  readonly with: ReadonlySet<string> | undefined;
  /** None of these does. */
  readonly without: ReadonlySet<string>;
  /** None of these stands right before it, or right after it. */
  readonly notAfter: ReadonlySet<string>;
  readonly notNext: ReadonlySet<string>;
  /** One of these stands right after it. */
  readonly next: ReadonlySet<string> | undefined;
  /** Words of the market are enough, and so is another stock. */
  readonly isOfMarket: boolean;
  /** Written exactly like this it needs nothing. */
  readonly spelling: string | undefined;
}

export type { Guard };

const market = listed(rules.market);
const lists: Readonly<Record<string, readonly string[]>> = {
  $market: market,
  $results: listed(rules.results),
  $india: listed(rules.india),
};
const marketWords: ReadonlySet<string> = new Set(market);

const wordSet = (words: string | undefined): ReadonlySet<string> =>
  new Set(words === undefined ? [] : listed(words).flatMap((word) => lists[word] ?? [word]));

interface WrittenGuard {
  readonly names: string;
  readonly with?: string;
  readonly without?: string;
  readonly notAfter?: string;
  readonly notNext?: string;
  readonly next?: string;
  readonly exact?: boolean;
}

const guardOf = (written: WrittenGuard): Guard => ({
  with: written.with === undefined ? undefined : wordSet(written.with),
  without: wordSet(written.without),
  notAfter: wordSet(written.notAfter),
  notNext: wordSet(written.notNext),
  next: written.next === undefined ? undefined : wordSet(written.next),
  isOfMarket: written.next === undefined && listed(written.with ?? '').includes('$market'),
  spelling: written.exact === true ? written.names : undefined,
});

const written: readonly WrittenGuard[] = rules.guards;

/** By the name's words. */
export const guards: ReadonlyMap<string, Guard> = new Map(
  written.flatMap((one) =>
    listed(one.names).map((name) => [keysOf(name).join(' '), guardOf(one)] as const),
  ),
);

/** Of a name that is an ordinary word, as far as anybody has said. */
export const ordinaryGuard: Guard = guardOf({ names: '', with: '$market' });

export const isMarketWord = ({ plain }: Word): boolean => marketWords.has(plain);

/** What a guard says of a name in a headline. */
export type GuardAnswer =
  | { readonly kind: 'holds' }
  /** Nothing speaks for the stock, nor against it. With `mayBe` another stock beside it would. */
  | { readonly kind: 'silent'; readonly mayBe: boolean }
  | { readonly kind: 'other'; readonly word: string };

const holds: GuardAnswer = { kind: 'holds' };

/** @param from first word of the name. @param to the word after its last. */
export function guardAnswer(
  guard: Guard,
  words: readonly Word[],
  { from, to, text }: { readonly from: number; readonly to: number; readonly text: string },
): GuardAnswer {
  if (guard.spelling !== undefined && guard.spelling === text) return holds;
  const around = words.filter((_, index) => index < from || index >= to);
  const [before, after] = [words[from - 1]?.plain ?? '', words[to]?.plain ?? ''];
  const against = [
    ...around.map(({ plain }) => plain).filter((plain) => guard.without.has(plain)),
    ...(guard.notAfter.has(before) ? [before] : []),
    ...(guard.notNext.has(after) ? [after] : []),
  ];
  const [word] = against;
  if (word !== undefined) return { kind: 'other', word };
  const isFollowed = guard.next?.has(after) ?? true;
  return isFollowed && isAmong(guard, around, after)
    ? holds
    : { kind: 'silent', mayBe: guard.isOfMarket };
}

/** A legal form after a name makes it a company's. */
const isAmong = (guard: Guard, around: readonly Word[], after: string): boolean =>
  guard.with === undefined ||
  after === 'ltd' ||
  after === 'limited' ||
  around.some(({ plain }) => guard.with?.has(plain));
