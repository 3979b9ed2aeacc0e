// What a search came to: each fold's choice, the days that judged the choices joined to one curve, and the evidence.
import { type Evidence, type HoldOutSeen } from './claim';
import { deflatedSharpe, type Trials } from './deflatedSharpe';
import { meanOf, sumOf, varianceOf } from './moments';
import { scoreOf, type Objective } from './objective';
import { overfittingOf, type Overfitting } from './overfitting';
import { ratioOf, sharpeOf, type Sharpe } from './sharpe';
import { meanInterval, type Bootstrap } from './stationaryBootstrap';
import { superiorityOf, type Superiority } from './superiority';
import { within, type Fold } from './walkForward';

/** A trial's net results, day by day of the search, in paise. */
export interface TriedResults {
  readonly results: readonly number[];
  /**
   * The first fold that may choose it: the days of this fold and of earlier ones led to the trial. 0 where nothing did.
   */
  readonly fold: number;
}

/** What a fold chose, and what came of it. */
export interface FoldChoice extends Fold {
  /** Index of the trial. */
  readonly trial: number;
  /** By the objective, on the days that chose and on those that judged. */
  readonly trainScore: number;
  readonly testScore: number;
}

/** The index of the best score; the earliest of equals. */
function bestOf(scores: readonly number[]): number {
  return scores.indexOf(Math.max(...scores));
}

/** Index of the trial that is best on all days of the search. */
export const bestTrial = (trials: readonly TriedResults[], objective: Objective): number =>
  bestOf(trials.map(({ results }) => scoreOf(objective, results)));

/** A fold that may choose none of the trials makes no choice. */
export function foldChoices(
  trials: readonly TriedResults[],
  folds: readonly Fold[],
  objective: Objective,
): readonly FoldChoice[] {
  return folds.flatMap((fold, index) => {
    if (trials.every((trial) => trial.fold > index)) return [];
    const scores = trials.map((trial) =>
      trial.fold <= index ? scoreOf(objective, within(trial.results, fold.train)) : -Infinity,
    );
    const trial = bestOf(scores);
    const judged = within(trials[trial]?.results ?? [], fold.test);
    const testScore = scoreOf(objective, judged);
    return [{ ...fold, trial, trainScore: scores[trial] ?? 0, testScore }];
  });
}

/** The results of the days that judged, joined. */
export const joined = (
  trials: readonly TriedResults[],
  choices: readonly FoldChoice[],
): readonly number[] =>
  choices.flatMap(({ trial, test }) => within(trials[trial]?.results ?? [], test));

export interface SearchTerms {
  readonly trials: readonly TriedResults[];
  readonly choices: readonly FoldChoice[];
  readonly objective: Objective;
  /** Runs with random entries beside the choices, each over the joined days; none: nothing to compare with. */
  readonly twins: readonly (readonly number[])[];
  readonly bootstrap: Bootstrap;
  readonly holdOut: HoldOutSeen | null;
}

export interface SearchFigures {
  readonly evidence: Evidence;
  /** Of the best trial over all days of the search. */
  readonly sharpe: Sharpe | null;
  readonly luck: Trials;
  readonly overfitting: Overfitting | null;
  readonly againstZero: Superiority | null;
  readonly againstTwins: Superiority | null;
}

/** The trials' results less a benchmark, on the days that judged. */
function lessTwins({ trials, choices, twins }: SearchTerms): readonly (readonly number[])[] {
  const benchmark = (twins[0] ?? []).map((_, day) => meanOf(twins.map((run) => run[day] ?? 0)));
  return trials.map(({ results }) =>
    choices
      .flatMap(({ test }) => within(results, test))
      .map((result, day) => result - (benchmark[day] ?? 0)),
  );
}

export function searchFigures(terms: SearchTerms): SearchFigures {
  const { trials, choices, objective, twins, bootstrap, holdOut } = terms;
  const all = trials.map(({ results }) => results);
  const curve = joined(trials, choices);
  const sharpe = sharpeOf(all[bestTrial(trials, objective)] ?? []);
  const luck = { count: trials.length, variance: varianceOf(all.map(ratioOf)) };
  const overfitting = overfittingOf(all);
  const againstZero = superiorityOf(all, bootstrap);
  const againstTwins = twins.length === 0 ? null : superiorityOf(lessTwins(terms), bootstrap);
  const made = sumOf(curve);
  return {
    evidence: {
      trials: trials.length,
      days: curve.length,
      outOfSample: meanInterval(curve, bootstrap),
      deflated: sharpe === null ? null : deflatedSharpe(sharpe, luck),
      overfitting: overfitting?.probability ?? null,
      zero: againstZero?.consistent ?? null,
      twins: againstTwins?.consistent ?? null,
      twinsBelow:
        twins.length === 0 ? null : twins.filter((run) => sumOf(run) < made).length / twins.length,
      holdOut,
    },
    sharpe,
    luck,
    overfitting,
    againstZero,
    againstTwins,
  };
}
