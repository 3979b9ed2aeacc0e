// What the numbers of a search allow to be claimed, in one sentence. It is strict: skill is claimed when every rule
// holds, and a number that is missing is no evidence.
import type { Spread } from './spread';
import { daysText, roundedRupees as rupees } from './words';

/** What the days said that the search never saw. */
export interface HoldOutSeen {
  /** How often they have been looked at, this time included. */
  readonly openings: number;
  readonly days: number;
  /** Net result of a day, in paise. */
  readonly mean: number;
}

export interface Evidence {
  readonly trials: number;
  /** Days on which the folds' choices were judged. */
  readonly days: number;
  /** Net result of such a day after charges, in paise, with its 95 % interval; null of too few days. */
  readonly outOfSample: Spread | null;
  /** Deflated Sharpe ratio of the best trial. */
  readonly deflated: number | null;
  /** Probability of backtest overfitting; null where it cannot be computed. */
  readonly overfitting: number | null;
  /** Hansen's p-value of the best trial against doing nothing, and against random entries. */
  readonly zero: number | null;
  readonly twins: number | null;
  /** Share of the runs with random entries that made less than the choices did. */
  readonly twinsBelow: number | null;
  readonly holdOut: HoldOutSeen | null;
}

export interface Claim {
  readonly skill: boolean;
  readonly sentence: string;
}

export const claimLimits = {
  deflatedMin: 0.95,
  overfittingMax: 0.2,
  pMax: 0.05,
  twinsBelowMin: 0.95,
} as const;

const intervalOf = ({ mean, low, high }: Spread): string =>
  `${rupees(mean)} a day after charges, 95 % between ${rupees(low)} and ${rupees(high)}`;

/** Why a rule does not hold; undefined where it does. */
type Rule = (evidence: Evidence) => string | undefined;

/** @param what the number's name, as the start of a sentence. */
const atMost =
  (what: string, limit: number, pick: (evidence: Evidence) => number | null): Rule =>
  (evidence) => {
    const value = pick(evidence);
    if (value === null) return `${what} is not known`;
    return value <= limit
      ? undefined
      : `${what} is ${value.toFixed(2)} and may be ${limit} at most`;
  };

const atLeast =
  (what: string, limit: number, pick: (evidence: Evidence) => number | null): Rule =>
  (evidence) => {
    const value = pick(evidence);
    if (value === null) return `${what} is not known`;
    return value >= limit
      ? undefined
      : `${what} is ${value.toFixed(2)} and must be ${limit} or more`;
  };

const { deflatedMin, overfittingMax, pMax, twinsBelowMin } = claimLimits;

const rules: readonly Rule[] = [
  ({ outOfSample, days }) => {
    if (outOfSample === null) return `${daysText(days)} out of sample: too few for an interval`;
    return outOfSample.low > 0
      ? undefined
      : `out of sample it made ${intervalOf(outOfSample)}, which is not above 0 throughout`;
  },
  atLeast('the deflated Sharpe ratio', deflatedMin, ({ deflated }) => deflated),
  (evidence) =>
    evidence.overfitting === null
      ? undefined
      : atMost(
          'the probability of overfitting',
          overfittingMax,
          (one) => one.overfitting,
        )(evidence),
  atMost('the p-value against doing nothing', pMax, ({ zero }) => zero),
  atMost('the p-value against random entries', pMax, ({ twins }) => twins),
  atLeast('the share of random runs below it', twinsBelowMin, ({ twinsBelow }) => twinsBelow),
  ({ holdOut }) =>
    holdOut === null || holdOut.mean > 0
      ? undefined
      : `the hold-out made ${rupees(holdOut.mean)} a day`,
];

function holdOutWords({ holdOut }: Evidence): string {
  if (holdOut === null) return 'the hold-out has not been opened';
  const { openings, days, mean } = holdOut;
  const made = `the hold-out of ${daysText(days)} made ${rupees(mean)} a day`;
  return openings === 1
    ? `${made}, opened once`
    : `${made}, and has been opened ${openings} times, of which only the first was a test`;
}

/** What may be said of the best of these trials. */
export function claimOf(evidence: Evidence): Claim {
  const { trials, days, outOfSample, deflated, overfitting } = evidence;
  const lacks = rules.flatMap((rule) => rule(evidence) ?? []);
  const end = holdOutWords(evidence);
  if (lacks.length > 0 || outOfSample === null)
    return {
      skill: false,
      sentence: `No skill may be claimed for the best of ${trials} trials: ${lacks.join('; ')}; ${end}.`,
    };
  const overfit =
    overfitting === null
      ? 'the probability of overfitting cannot be computed'
      : `the probability of overfitting is ${overfitting.toFixed(2)}`;
  return {
    skill: true,
    sentence: `The best of ${trials} trials may be said to have shown skill on these days: over ${daysText(days)} out of sample its choices made ${intervalOf(outOfSample)}, more than random entries; its deflated Sharpe ratio is ${(deflated ?? 0).toFixed(2)} and ${overfit}; ${end}.`,
  };
}
