// The behavioural test set of the headline models, in the manner of CheckList (Ribeiro et al. 2020): small
// statements whose answer is beyond doubt, by ability. behaviour.csv has statements about {A} and {B}; here they
// get names of stocks. The open half may be read to design training texts. The closed half is only measured.
import { findMention, headlineTokens } from '../domain/sentiment/headlineTokens';
import { parseCsv } from './csv';

export type Side = 'negative' | 'neutral' | 'positive';

/** One question: what do these texts mean for `entity`? Two texts are one statement in two orders. */
export interface BehaviourCase {
  readonly half: string;
  readonly ability: string;
  readonly entity: string;
  readonly texts: readonly string[];
  /** Every text must get one of these answers, and all texts the same one. */
  readonly allowed: readonly Side[];
}

export const sides: readonly Side[] = ['negative', 'neutral', 'positive'];

const allowedBy: Readonly<Record<string, readonly Side[]>> = {
  negative: ['negative'],
  neutral: ['neutral'],
  positive: ['positive'],
  'not negative': ['neutral', 'positive'],
  'not positive': ['negative', 'neutral'],
};

const names =
  'Infosys|Wipro|Tata Steel|HDFC Bank|Vodafone Idea|TCS|Sun Pharma|Maruti Suzuki|ICICI Bank|Bharti Airtel|Dr Reddys|JSW Steel|Axis Bank|Hero MotoCorp|Cipla|Larsen & Toubro|NTPC|Tech Mahindra|Asian Paints|SBI|Lupin|Bajaj Auto|Coal India|Zee Entertainment|IndusInd Bank|Hindalco|Titan|Biocon|Ashok Leyland|Reliance Industries|Nestle India|DLF|BHEL|Havells|Yes Bank|Adani Ports|HCL Tech'.split(
    '|',
  );

/** A statement about one company is asked twice, under two names. */
const fillings = 2;

/** @throws Fatal TRAINING_CSV when the file is no table. */
export function behaviourCases(csv: string): BehaviourCase[] {
  return parseCsv(csv).flatMap((row, index) => {
    const of = (column: string): string => row.get(column) ?? '';
    const asked = of('b') === '' ? { A: of('a') } : { A: of('a'), B: of('b') };
    const rounds = of('b') === '' && of('exchanged') === '' ? fillings : 1;
    return Array.from({ length: rounds }, (_, round) => {
      const named: Readonly<Record<string, string>> = {
        A: names[(7 * index + 11 * round) % names.length] ?? '',
        B: names[(7 * index + 16) % names.length] ?? '',
      };
      const fill = (text: string): string =>
        text.replaceAll(/\{([AB])\}/g, (_match, name: string) => named[name] ?? '');
      return Object.entries(asked).map(([name, wanted]) => ({
        half: of('half'),
        ability: of('ability'),
        entity: named[name] ?? '',
        texts: [of('text'), of('exchanged')].filter((text) => text !== '').map(fill),
        allowed: allowedBy[wanted] ?? [],
      }));
    }).flat();
  });
}

/** The model's inputs for a case, one for each of its texts. */
export const inputsOf = ({ texts, entity }: BehaviourCase): number[][] =>
  texts.map((text) => headlineTokens(text, findMention(text, entity)));

/** Judges the answers of one case: the likeliest side of each text. */
export function passes(
  { allowed }: BehaviourCase,
  answers: readonly (readonly number[])[],
): boolean {
  const found = answers.map((row) => sides[row.indexOf(Math.max(...row))]);
  return found.every((side) => side !== undefined && side === found[0] && allowed.includes(side));
}

export interface PassRate {
  readonly half: string;
  readonly ability: string;
  readonly cases: number;
  readonly passed: number;
}

/** How many cases of each half and ability pass, in the order of the file. */
export function passRates(
  cases: readonly BehaviourCase[],
  answers: readonly (readonly (readonly number[])[])[],
): PassRate[] {
  const rates = new Map<string, PassRate>();
  cases.forEach((asked, index) => {
    const { half, ability } = asked;
    const key = `${half} ${ability}`;
    const known = rates.get(key) ?? { half, ability, cases: 0, passed: 0 };
    const passed = known.passed + Number(passes(asked, answers[index] ?? []));
    rates.set(key, { half, ability, cases: known.cases + 1, passed });
  });
  return [...rates.values()];
}
