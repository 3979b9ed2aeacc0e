// The names by which headlines are searched for a day: the project's own table (aliases.json, made by
// training/companyNames.ts, and companyRules.json, kept by hand) joined with the day's list of instruments. What the
// list does not have is not linked; what it calls otherwise is linked as it says.
import { isKnownWord } from '../wordPiece';
import aliases from './aliases.json';
import rules from './companyRules.json';
import { guards, ordinaryGuard, type Guard } from './guards';
import { keysOf, listed } from './words';

/** A stock of the day's list of instruments. */
export interface ListedName {
  readonly tradingsymbol: string;
  readonly name: string;
}

/** The name of one stock. */
export interface StockMeaning {
  readonly kind: 'stock';
  readonly tradingsymbol: string;
  /** Written in capitals in the list, so it must be in capitals in the headline. */
  readonly isTicker: boolean;
  /** The one word that only this company's name begins with. */
  readonly isFirstWord: boolean;
  readonly guard: Guard | undefined;
}

/** What a name stands for. */
export type Meaning =
  | StockMeaning
  | {
      /** The name of what was split into several stocks, each with the words that mean it. */
      readonly kind: 'split';
      readonly parts: readonly (readonly [tradingsymbol: string, words: ReadonlySet<string>])[];
    }
  | { readonly kind: 'left-out'; readonly reason: string };

/** Names by their words, one after the other. */
export interface NameNode {
  meaning?: Meaning;
  readonly next: Map<string, NameNode>;
}

export interface NameTable {
  readonly root: NameNode;
}

/** Which claim on a name counts: the first. Equal claims of different stocks make it ambiguous. */
const order = ['split', 'none', 'listed', 'own', 'public', 'shorter', 'unclear', 'first'] as const;
type Claim = (typeof order)[number];

interface Claimed {
  readonly claim: Claim;
  readonly meaning: Meaning;
}

const noStock = (reason: string): Meaning => ({ kind: 'left-out', reason });

const legal = new Set(listed(rules.legal));
const generic = new Set(listed(rules.generic).flatMap(keysOf));
const connecting = new Set(['of', 'and']);
const gone = new Set(listed(rules.gone));
/** Words that more than one company is called by, though only one of them is in the lists. */
const notFirst = new Set(listed(rules.notFirst));
const formerly: Readonly<Record<string, string>> = rules.formerly;

/** The project's own names by symbol: the public list without what is wrong in it, and what people added. */
const ownNames: ReadonlyMap<string, readonly string[]> = (() => {
  const removed: Readonly<Record<string, string>> = rules.removed;
  const added: Readonly<Record<string, string>> = rules.companies;
  const published: Readonly<Record<string, string>> = aliases.companies;
  const names = new Map<string, readonly string[]>();
  for (const [symbol, list] of Object.entries(published)) {
    // An index is no stock.
    if (symbol.includes(' ')) continue;
    const wrong = new Set(listed(removed[symbol] ?? ''));
    names.set(
      symbol,
      listed(list).filter((name) => !wrong.has(name)),
    );
  }
  for (const [symbol, list] of Object.entries(added))
    names.set(symbol, [...new Set([...(names.get(symbol) ?? [symbol]), ...listed(list)])]);
  return names;
})();

const isTickerName = (name: string): boolean => !name.includes(' ') && name === name.toUpperCase();

/** A bond, or another paper beside the stock, has its series behind the symbol. */
const otherPaper = /-(?!BE$|BZ$|SM$|ST$)[A-Z0-9]{2}$/;
/** A fund that is traded like a stock is none. */
const isFund = ({ name }: ListedName): boolean => /\b(?:ETF|BEES|FUND)\b/i.test(name);
const baseOf = (symbol: string): string => symbol.replace(/-(?:BE|BZ|SM|ST)$/, '');

/** Letters of a ticker that may well be somebody else's short name. */
const shortTickerMax = 4;
const cutMin = 3;

/** Lists cut long names off, as in "RELIANCE CHEMOTEX INDUSTRI". */
const cutOff = new Set(
  [...generic].flatMap((word) =>
    Array.from({ length: word.length - cutMin }, (_, index) => word.slice(0, cutMin + index)),
  ),
);

/** The words of a company's name without its legal form. */
function bareKeys(name: string): string[] {
  const keys = [...keysOf(name)];
  const isOver = (word: string): boolean => legal.has(word) || cutOff.has(word);
  while (keys.length > 1 && isOver(keys.at(-1) ?? '')) keys.pop();
  return keys[0] === 'the' ? keys.slice(1) : keys;
}

/** The name without its last word where that says little, as in "Biocon Industries". */
function shorterKeys(keys: readonly string[]): readonly string[] {
  const rest = keys.slice(0, -1);
  const isShorter =
    rest.length > 1 && generic.has(keys.at(-1) ?? '') && !connecting.has(rest.at(-1) ?? '');
  return isShorter ? rest : keys;
}

/** Where our symbols stand in the day's list; null where they do not. */
function placesIn(day: readonly ListedName[]): (symbol: string) => string | null {
  const bySymbol = new Map(day.map(({ tradingsymbol }) => [baseOf(tradingsymbol), tradingsymbol]));
  const unknown = day.filter(({ tradingsymbol }) => !ownNames.has(baseOf(tradingsymbol)));
  const byName = new Map(
    unknown.map(({ tradingsymbol, name }) => [bareKeys(name).join(' '), tradingsymbol]),
  );
  return (symbol) => {
    const found = bySymbol.get(symbol) ?? bySymbol.get(formerly[symbol] ?? '');
    if (found !== undefined) return found;
    // The list has a symbol that is new to us under a name that we know: it was renamed.
    for (const name of ownNames.get(symbol) ?? []) {
      const keys = bareKeys(name);
      const renamed = keys.length > 1 ? byName.get(keys.join(' ')) : undefined;
      if (renamed !== undefined) return renamed;
    }
    return null;
  };
}

class Claims {
  readonly #claims = new Map<string, Claimed>();

  /** What the name stands for so far. */
  meaning(key: string): Meaning | undefined {
    return this.#claims.get(key)?.meaning;
  }

  /** Whatever was claimed before. */
  put(key: string, claim: Claim, meaning: Meaning): void {
    this.#claims.set(key, { claim, meaning });
  }

  add(keys: readonly string[], claim: Claim, meaning: Meaning): void {
    const key = keys.join(' ');
    if (key === '') return;
    const known = this.#claims.get(key);
    if (known === undefined || order.indexOf(claim) < order.indexOf(known.claim))
      this.#claims.set(key, { claim, meaning });
    else if (known.claim === claim)
      this.#claims.set(key, { claim, meaning: either(known.meaning, meaning) });
  }

  tree(): NameNode {
    const root: NameNode = { next: new Map() };
    for (const [key, { meaning }] of this.#claims) {
      let node = root;
      for (const word of key.split(' ')) {
        const next: NameNode = node.next.get(word) ?? { next: new Map() };
        node.next.set(word, next);
        node = next;
      }
      node.meaning = meaning;
    }
    return root;
  }
}

/** Two claims of one kind: a name counts before a ticker, and a listed stock before one that is not. */
function either(a: Meaning, b: Meaning): Meaning {
  if (a.kind !== 'stock') return b.kind === 'stock' ? b : a;
  if (b.kind !== 'stock') return a;
  if (a.tradingsymbol === b.tradingsymbol || a.isTicker !== b.isTicker) return a.isTicker ? b : a;
  const symbols = [a.tradingsymbol, b.tradingsymbol].toSorted();
  return noStock(`could be ${symbols.join(' or ')}`);
}

function stock(tradingsymbol: string, keys: readonly string[], isTicker: boolean): StockMeaning {
  const key = keys.join(' ');
  // A ticker that is a word of the language is written in capitals for other reasons too.
  const isWord = isTicker && keys.length === 1 && key.length > 3 && isKnownWord(key);
  const guard = guards.get(key) ?? (isWord ? ordinaryGuard : undefined);
  return { kind: 'stock', tradingsymbol, isTicker, isFirstWord: false, guard };
}

/**
 * The names of a day. @param day its list of instruments; null where there is none, and the project's own table
 * counts alone.
 */
export function nameTable(day: readonly ListedName[] | null): NameTable {
  const claims = new Claims();
  const stocks = (day ?? []).filter(({ tradingsymbol }) => !otherPaper.test(tradingsymbol));
  const place =
    day === null ? (symbol: string) => (gone.has(symbol) ? null : symbol) : placesIn(stocks);
  claimSplits(claims, place);
  claimNone(claims);
  claimListed(claims, stocks);
  claimOwn(claims, place, day !== null);
  claimFirstWords(claims, stocks, place);
  return { root: claims.tree() };
}

function claimSplits(claims: Claims, place: (symbol: string) => string | null): void {
  for (const { names, before, parts } of rules.split) {
    const whole = place(before);
    const known = Object.entries(parts).flatMap(([symbol, words]) => {
      const listedAs = place(symbol);
      return listedAs === null ? [] : [[listedAs, new Set(listed(words))] as const];
    });
    for (const keys of listed(names).map(keysOf)) {
      if (whole !== null) claims.add(keys, 'split', stock(whole, keys, false));
      else if (known.length > 0) claims.add(keys, 'split', { kind: 'split', parts: known });
    }
  }
}

function claimNone(claims: Claims): void {
  for (const [reason, names] of Object.entries(rules.notStocks))
    for (const keys of listed(names).map(keysOf)) claims.add(keys, 'none', noStock(reason));
  for (const [name, reason] of [
    ...Object.entries(aliases.ambiguous),
    ...Object.entries(rules.ambiguous),
  ])
    claims.add(keysOf(name), 'unclear', noStock(reason));
}

function claimListed(claims: Claims, stocks: readonly ListedName[]): void {
  for (const { tradingsymbol, name } of stocks) {
    const keys = bareKeys(name);
    if (isFund({ tradingsymbol, name })) {
      claims.add(keys, 'none', noStock('names a fund'));
      continue;
    }
    const symbol = baseOf(tradingsymbol);
    const ticker = keysOf(symbol);
    const asTicker = stock(tradingsymbol, ticker, true);
    // Capitals that nobody of ours has looked at may stand for much else, as EPL does.
    const isUnknown = !ownNames.has(symbol) && symbol.length <= shortTickerMax;
    const guard = asTicker.guard ?? (isUnknown ? ordinaryGuard : undefined);
    claims.add(ticker, 'public', { ...asTicker, guard });
    // One word that is known to everybody is more likely the word.
    if (keys.length === 1 && (ownNames.has(symbol) || isKnownWord(keys[0] ?? ''))) continue;
    claims.add(keys, 'listed', stock(tradingsymbol, keys, false));
    const shorter = shorterKeys(keys);
    if (shorter !== keys) claims.add(shorter, 'shorter', stock(tradingsymbol, shorter, false));
  }
}

function claimOwn(
  claims: Claims,
  place: (symbol: string) => string | null,
  hasList: boolean,
): void {
  const added: Readonly<Record<string, string>> = rules.companies;
  for (const [symbol, names] of ownNames) {
    const tradingsymbol = place(symbol);
    const own = new Set(listed(added[symbol] ?? ''));
    const absent = hasList ? "is not in the day's list of stocks" : 'is no longer traded';
    for (const name of names) {
      const keys = keysOf(name);
      const meaning =
        tradingsymbol === null
          ? noStock(`${symbol} ${absent}`)
          : stock(tradingsymbol, keys, isTickerName(name) && !own.has(name));
      claims.add(keys, own.has(name) && tradingsymbol !== null ? 'own' : 'public', meaning);
    }
  }
}

const firstWordMin = 5;

/** A word that one company's name alone begins with stands for it, unless it is a word of the language. */
function claimFirstWords(
  claims: Claims,
  stocks: readonly ListedName[],
  place: (symbol: string) => string | null,
): void {
  for (const [first, symbols] of firstWords(stocks, place)) {
    const [tradingsymbol = ''] = symbols;
    const isWord = first.length < firstWordMin || isKnownWord(first) || notFirst.has(first);
    if (symbols.size > 1 || isWord || isAbsent(tradingsymbol, place)) continue;
    const known = claims.meaning(first);
    const isOwnTicker =
      known?.kind === 'stock' && known.isTicker && known.tradingsymbol === tradingsymbol;
    if (known === undefined || isOwnTicker)
      claims.put(first, 'first', { ...stock(tradingsymbol, [first], false), isFirstWord: true });
  }
}

/** The stocks whose names of several words begin with a word, by that word. */
function firstWords(
  stocks: readonly ListedName[],
  place: (symbol: string) => string | null,
): ReadonlyMap<string, ReadonlySet<string>> {
  const owners = new Map<string, Set<string>>();
  const own = [...ownNames].flatMap(([symbol, names]) => {
    const tradingsymbol = place(symbol) ?? symbol;
    return names.map((name) => ({ tradingsymbol, name }));
  });
  for (const { tradingsymbol, name } of [...stocks, ...own]) {
    const [first = '', ...rest] = bareKeys(name);
    if (rest.length === 0) continue;
    owners.set(first, (owners.get(first) ?? new Set()).add(tradingsymbol));
  }
  return owners;
}

/** A symbol of our table that the day does not have. */
const isAbsent = (symbol: string, place: (symbol: string) => string | null): boolean =>
  ownNames.has(symbol) && place(symbol) === null;
