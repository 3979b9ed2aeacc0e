// Statements about one or two companies, composed from the phrases of statements.csv, written for this project:
// what real headlines have too few of. Negation, comparison, contrast, numbers with a direction, sarcasm, and two
// companies in either order. Every draw comes from the chance given. In a phrase `(x|y)` is a choice.
import names from '../domain/sentiment/names/aliases.json';
import type { Chance } from '../exchange/market/chance';
import type { Labelled } from './variants';
import { otherName } from './variants';

type Side = 'negative' | 'neutral' | 'positive';

export interface Phrase {
  readonly kind: string;
  readonly a: string;
  readonly b: string;
  readonly text: string;
}

/** A text with what it means for the company named. */
export interface Statement extends Labelled {
  readonly label: string;
}

type Some<T> = readonly [T, ...T[]];

const brokers: Some<string> = [
  'CLSA',
  'Nomura',
  'Jefferies',
  'Goldman Sachs',
  'Morgan Stanley',
  'Citi',
  'UBS',
  'Motilal Oswal',
  'Kotak Securities',
  'JPMorgan',
  'Macquarie',
  'HSBC',
];

/** The names people use: the shortest of each stock that is no ticker. */
const stocks = Object.values(names.companies)
  .map((list) => list.split('|').find((name) => /[a-z]/.test(name) && name.split(' ').length < 4))
  .filter((name) => name !== undefined) as unknown as Some<string>;

const companyName = (chance: Chance): string =>
  chance.unit() < 0.8 ? chance.pick(stocks) : otherName(chance);

/** Chooses in `(x|y)`, the innermost first. */
function chosen(text: string, chance: Chance): string {
  const pattern = /\(([^()]*)\)/g;
  const once = text.replaceAll(pattern, (_match, list: string) =>
    chance.pick(list.split('|') as unknown as Some<string>),
  );
  return once === text ? text : chosen(once, chance);
}

/** Numbers whose size says nothing, and two that are in order: {lo} below {hi}. */
function numbers(text: string, chance: Chance): string {
  const lo = chance.whole(12, 4_000);
  const hi = lo + Math.ceil(lo * (0.08 + chance.unit()));
  const small = chance.whole(8, 180) / 10;
  const values: Readonly<Record<string, () => string>> = {
    n: () => String(chance.unit() < 0.3 ? chance.whole(11, 99) / 10 : chance.whole(2, 45)),
    q: () => String(chance.whole(1, 4)),
    r: () => (chance.whole(4, 400) * 10).toLocaleString('en-IN'),
    b: () => String(chance.whole(2, 40) * 10),
    p: () => String(chance.whole(2, 15) * 100),
    m: () => chance.pick(['April', 'June', 'August', 'October', 'January']),
    H: () => chance.pick(brokers),
    lo: () => lo.toLocaleString('en-IN'),
    hi: () => hi.toLocaleString('en-IN'),
    slo: () => String(small),
    shi: () => String(Math.round(small * (11 + chance.whole(1, 8))) / 10),
  };
  return text.replaceAll(/\{(\w+)\}/g, (match, name: string) => values[name]?.() ?? match);
}

export class Statements {
  private readonly byKind = new Map<string, Phrase[]>();

  public constructor(phrases: readonly Phrase[]) {
    for (const phrase of phrases) {
      this.byKind.set(phrase.kind, [...(this.byKind.get(phrase.kind) ?? []), phrase]);
    }
  }

  /** One statement, asked about each company it names. */
  public next(chance: Chance): Statement[] {
    const kind = chance.unit();
    if (kind < 0.4) return this.twoClauses(chance);
    if (kind < 0.55) return this.finished(this.one('pair', chance), chance);
    if (kind < 0.8) return this.finished(this.one('solo', chance), chance);
    if (kind < 0.9) return this.contrast(chance);
    return kind < 0.97 ? this.sarcasm(chance) : this.finished(this.one('clause', chance), chance);
  }

  private one(kind: string, chance: Chance, a?: string): Phrase {
    const phrases = (this.byKind.get(kind) ?? []).filter(
      (phrase) => a === undefined || phrase.a === a,
    );
    return chance.pick(phrases as unknown as Some<Phrase>);
  }

  /** Two companies with an event each, of different sides more often than not. */
  private twoClauses(chance: Chance): Statement[] {
    const sides: Some<[Side, Side]> = [
      ['positive', 'negative'],
      ['negative', 'positive'],
      ['positive', 'negative'],
      ['negative', 'positive'],
      ['positive', 'positive'],
      ['negative', 'negative'],
      ['positive', 'neutral'],
      ['negative', 'neutral'],
      ['neutral', 'positive'],
      ['neutral', 'negative'],
    ];
    const [a, b] = chance.pick(sides);
    const first = this.one('clause', chance, a).text;
    const second = this.one('clause', chance, b).text.replaceAll('{A}', '{B}');
    const text =
      chance.unit() < 0.6
        ? `${first}${this.one('connector', chance).text}${second}`
        : this.one('leading', chance)
            .text.replace('{1}', () => first)
            .replace('{2}', () => second);
    return this.finished({ kind: 'clause', a, b, text }, chance);
  }

  private contrast(chance: Chance): Statement[] {
    const phrase = this.one('contrast', chance);
    const text = phrase.text.replaceAll(
      /\{(move|moves|good|bad)\}/g,
      (_match, kind: string) =>
        this.one(kind, chance, kind.startsWith('move') ? phrase.a : undefined).text,
    );
    return this.finished({ ...phrase, text }, chance);
  }

  /** Praise means what follows it: a setback makes it mockery. */
  private sarcasm(chance: Chance): Statement[] {
    const remark = this.one('remark', chance);
    const opener = this.one('opener', chance).text;
    const text = chance.pick([
      `${opener} {A}, ${remark.text}`,
      `${opener} {A}: ${remark.text}`,
      `${opener}, ${remark.text} at {A}`,
      `${opener}! ${remark.text} for {A}`,
    ]);
    return this.finished({ ...remark, text }, chance);
  }

  private finished({ a, b, text }: Phrase, chance: Chance): Statement[] {
    const first = companyName(chance);
    const second = companyName(chance);
    const filled = numbers(chosen(text, chance), chance)
      .replaceAll('{A}', () => first)
      .replaceAll('{B}', () => second);
    if (b !== '' && (first.includes(second) || second.includes(first))) return [];
    const asked = [{ text: filled, entity: first, label: a }];
    return b === '' ? asked : [...asked, { text: filled, entity: second, label: b }];
  }
}
