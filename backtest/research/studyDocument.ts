// What a study came to, as one document.
import { claimOf, type Claim } from '../../domain/research/claim';
import { annual, daysNeeded } from '../../domain/research/sharpe';
import { sumOf } from '../../domain/research/moments';
import { scoreOf } from '../../domain/research/objective';
import {
  bestTrial,
  foldChoices,
  joined,
  searchFigures,
  type FoldChoice,
  type SearchFigures,
} from '../../domain/research/searched';
import type { Point } from '../../domain/research/space';
import { usualRun } from '../../domain/research/stationaryBootstrap';
import { orderedFalls, type OrderedFalls } from '../../domain/research/tradeOrder';
import { holdOut, walkForward, within, type Fold } from '../../domain/research/walkForward';
import { Refused } from '../../domain/errors';
import type { SessionDate } from '../../domain/session/calendar';
import { chanceFor } from '../../exchange/market/chance';
import { configAt } from './configAt';
import type { Players } from './crew';
import { netOf } from './search';
import type { FinishedTrial, Opening, Study, StudyHeader } from './study';

/** A day of a curve. Money in paise. */
export interface CurveDay {
  readonly date: SessionDate;
  readonly netPnl: number;
}

export interface TrialRow {
  readonly trial: number;
  readonly point: Point;
  readonly refused: string | null;
  /** By the objective, on all days of the search; null of a refused one. */
  readonly score: number | null;
  readonly netPnl: number;
  readonly trades: number;
}

export interface FoldRow extends FoldChoice {
  readonly point: Point;
  readonly trainDates: readonly [SessionDate, SessionDate];
  readonly testDates: readonly [SessionDate, SessionDate];
}

/** What `ratchet optimise --json` prints. Money in paise. */
export interface StudyDocument {
  readonly kind: 'study';
  readonly header: StudyHeader;
  readonly searched: readonly SessionDate[];
  readonly held: readonly SessionDate[];
  readonly trials: readonly TrialRow[];
  /** The best on all days of the search. */
  readonly best: TrialRow;
  readonly inSample: readonly CurveDay[];
  readonly folds: readonly FoldRow[];
  /** The days that judged the folds' choices, joined: the result that counts. */
  readonly outOfSample: readonly CurveDay[];
  readonly figures: SearchFigures & {
    /** Sharpe ratios of a year of 252 days. */
    readonly inSampleAnnual: number | null;
    readonly daysNeeded: number | null;
    readonly order: OrderedFalls | null;
  };
  readonly openings: readonly Opening[];
  readonly claim: Claim;
}

/** The days of a study, cut up. */
export interface StudyDays {
  readonly searched: readonly SessionDate[];
  readonly held: readonly SessionDate[];
  readonly folds: readonly Fold[];
}

/** @throws Refused RESEARCH_DAYS where there are too few. */
export function studyDays({ dates, terms }: Pick<StudyHeader, 'dates' | 'terms'>): StudyDays {
  const cut = holdOut(dates.length, terms.holdOut, terms.embargo);
  const searched = within(dates, cut.search);
  return { searched, held: within(dates, cut.kept), folds: walkForward(searched.length, terms) };
}

function rowOf(trial: FinishedTrial, { terms }: StudyHeader): TrialRow {
  const { point, refused, days } = trial;
  const results = netOf(trial);
  return {
    ...{ trial: trial.trial, point, refused },
    score: refused === null ? scoreOf(terms.objective, results) : null,
    netPnl: sumOf(results),
    trades: days.reduce((sum, { trades }) => sum + trades.length, 0),
  };
}

const curveOf = (dates: readonly SessionDate[], results: readonly number[]): readonly CurveDay[] =>
  dates.map((date, day) => ({ date, netPnl: results[day] ?? 0 }));

const endsOf = (dates: readonly SessionDate[]): readonly [SessionDate, SessionDate] => [
  dates[0] ?? '',
  dates.at(-1) ?? '',
];

/** Trials that were played. @throws Refused STUDY_NOTHING where there is none. */
function playedOf(trials: readonly FinishedTrial[]): readonly FinishedTrial[] {
  const played = trials.filter(({ refused }) => refused === null);
  if (played.length > 0) return played;
  throw new Refused({
    code: 'STUDY_NOTHING',
    message: `no trial could be played: ${trials[0]?.refused ?? 'there is none'}`,
  });
}

/** The played trials as the statistics take them. */
const triedOf = (
  played: readonly FinishedTrial[],
): readonly { readonly results: readonly number[]; readonly fold: number }[] =>
  played.map((trial) => ({ results: netOf(trial), fold: trial.fold }));

/** The best trial on all days of the search. @throws Refused STUDY_NOTHING */
export function bestOf(study: Study): FinishedTrial {
  const played = playedOf(study.trials());
  const best = played[bestTrial(triedOf(played), study.header.terms.objective)];
  return best ?? refuseNone();
}

function refuseNone(): never {
  throw new Refused({ code: 'STUDY_NOTHING', message: 'no trial could be played' });
}

interface Twins {
  readonly days: StudyDays;
  readonly choices: readonly FoldChoice[];
  readonly played: readonly FinishedTrial[];
  readonly players: Players;
  readonly runs: number;
}

/** Runs with random entries beside the choices, over the days that judged them. Those played before are kept. */
async function twinsOf(
  study: Study,
  { days, choices, played, players, runs }: Twins,
): Promise<readonly (readonly number[])[]> {
  if (runs === 0) return [];
  const points = choices.map(({ trial }) => played[trial]?.point ?? {});
  const key = JSON.stringify([runs, points, choices.map(({ test }) => test)]);
  const kept = study.keptTwins(key);
  if (kept !== undefined) return kept;
  const all: number[][] = Array.from({ length: runs }, () => []);
  for (const [index, { test }] of choices.entries()) {
    const config = configAt(study.header.written, points[index] ?? {});
    const tested = await players.play(within(days.searched, test), config, runs);
    for (const { twins } of tested) all.forEach((run, at) => run.push(twins[at] ?? 0));
  }
  study.keepTwins(key, all);
  return all;
}

const draws = 2_000;

export interface StudyReading {
  readonly players: Players;
  /** Runs with random entries. */
  readonly twins: number;
}

/** @throws Refused STUDY_NOTHING where no trial could be played. */
export async function studyDocument(
  study: Study,
  { players, twins: runs }: StudyReading,
): Promise<StudyDocument> {
  const { header } = study;
  const { objective, seed } = header.terms;
  const days = studyDays(header);
  const all = study.trials();
  const played = playedOf(all);
  const trials = triedOf(played);
  const choices = foldChoices(trials, days.folds, objective);
  const twins = await twinsOf(study, { days, choices, played, players, runs });
  const openings = study.openings();
  const { unit } = chanceFor(seed, 'figures');
  const bootstrap = { draws, meanRun: usualRun(days.searched.length), unit };
  const figures = searchFigures({
    ...{ trials, choices, objective, twins, bootstrap },
    holdOut: holdOutSeen(openings),
  });
  const best = played[bestTrial(trials, objective)] ?? refuseNone();
  const tested = choices.flatMap(({ test }) => within(days.searched, test));
  const profits = choices.flatMap(({ trial, test }) =>
    within(played[trial]?.days ?? [], test).flatMap((day) => day.trades),
  );
  return {
    kind: 'study',
    header,
    searched: days.searched,
    held: days.held,
    trials: all.map((trial) => rowOf(trial, header)),
    best: rowOf(best, header),
    inSample: curveOf(days.searched, netOf(best)),
    folds: choices.map((choice) => ({
      ...choice,
      trial: played[choice.trial]?.trial ?? 0,
      point: played[choice.trial]?.point ?? {},
      trainDates: endsOf(within(days.searched, choice.train)),
      testDates: endsOf(within(days.searched, choice.test)),
    })),
    outOfSample: curveOf(tested, joined(trials, choices)),
    figures: {
      ...figures,
      inSampleAnnual: figures.sharpe === null ? null : annual(figures.sharpe.ratio),
      daysNeeded: figures.sharpe === null ? null : daysNeeded(figures.sharpe),
      order: orderedFalls(profits, { draws, unit }),
    },
    openings,
    claim: claimOf(figures.evidence),
  };
}

/** What the openings of a hold-out said: the first is the test. */
function holdOutSeen(openings: readonly Opening[]): SearchFigures['evidence']['holdOut'] {
  const [first] = openings;
  if (first === undefined) return null;
  const days = first.days.length;
  const mean = sumOf(first.days.map(({ netPnl }) => netPnl)) / Math.max(1, days);
  return { openings: openings.length, days, mean };
}
