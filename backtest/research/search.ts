// The loop of a search: a point is suggested, played on all its days, and written down. Trial n is suggested from the
// trials up to n − 2, however many workers there are, so one seed is one search, killed in between or not.
import { Refused } from '../../domain/errors';
import { gridPoint, gridSize, randomPoint } from '../../domain/research/sampling';
import { scoreOf } from '../../domain/research/objective';
import type { Point } from '../../domain/research/space';
import { tpePoint } from '../../domain/research/tpe';
import { within, type Fold } from '../../domain/research/walkForward';
import type { SessionDate } from '../../domain/session/calendar';
import { chanceFor } from '../../exchange/market/chance';
import { configAt } from './configAt';
import type { Players } from './crew';
import type { FinishedTrial, StudyHeader, TrialDay } from './study';

/** While one trial ends on the last of its days, the next has begun on the first. */
const ahead = 2;
/** A space that gives no new point so often has no more. */
const drawsMax = 100;

export interface SearchWork {
  readonly header: StudyHeader;
  /** The days of the search, without those of the hold-out. */
  readonly dates: readonly SessionDate[];
  readonly folds: readonly Fold[];
  readonly players: Players;
  /** How many trials there shall be in all. */
  readonly trials: number;
  readonly onTrial: (trial: FinishedTrial) => void;
}

export const netOf = ({ days }: FinishedTrial): readonly number[] =>
  days.map(({ netPnl }) => netPnl);

interface Suggestion {
  readonly fold: number;
  readonly point: Point;
}

/**
 * Only the days of the fold's training and trials that no later day has led to may lead to a point; so what a fold
 * chooses knows nothing of the days that judge it.
 */
function guidedPoint(
  { header, folds }: SearchWork,
  known: readonly FinishedTrial[],
  fold: number,
  unit: () => number,
): Point {
  const { space, terms } = header;
  const train = folds[fold]?.train ?? { from: 0, until: 0 };
  const scored = known
    .filter((trial) => trial.fold <= fold && trial.refused === null)
    .map((trial) => ({
      point: trial.point,
      score: scoreOf(terms.objective, within(netOf(trial), train)),
    }));
  return tpePoint(space, scored, unit);
}

/** null where every point has been tried. */
function suggestion(
  work: SearchWork,
  index: number,
  tried: readonly Suggestion[],
  finished: readonly FinishedTrial[],
): Suggestion | null {
  const { space, terms } = work.header;
  if (terms.method === 'grid')
    return index < gridSize(space) ? { fold: 0, point: gridPoint(space, index) } : null;
  const { unit } = chanceFor(terms.seed, `trial/${index}`);
  const fold = terms.method === 'tpe' ? index % work.folds.length : 0;
  const known = finished.filter(({ trial }) => trial <= index - ahead);
  // A point that a later fold has tried is not known here: even to avoid it would tell of later days.
  const earlier = tried.filter((one) => one.fold <= fold);
  const before = new Set(earlier.map(({ point }) => JSON.stringify(point)));
  for (let draw = 0; draw < drawsMax; draw += 1) {
    const guided = terms.method === 'tpe' && draw < drawsMax / 10;
    const point = guided ? guidedPoint(work, known, fold, unit) : randomPoint(space, unit);
    if (!before.has(JSON.stringify(point))) return { fold, point };
  }
  return null;
}

/** A point that another fold has tried is not played again. */
async function playedTrial(
  { header, dates, players }: SearchWork,
  { trial, fold, point }: Suggestion & { readonly trial: number },
  finished: readonly FinishedTrial[],
): Promise<FinishedTrial> {
  const same = finished.find((one) => JSON.stringify(one.point) === JSON.stringify(point));
  if (same !== undefined) return { ...same, trial, fold };
  try {
    const played = await players.play(dates, configAt(header.written, point));
    const days = played.map(({ result }): TrialDay => {
      const { netPnl, grossPnl, charges, entries, trades } = result;
      return { netPnl, grossPnl, charges, entries, trades: trades.map((one) => one.netPnl) };
    });
    return { trial, fold, point, days, refused: null };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { trial, fold, point, days: [], refused: error.message };
  }
}

/** Goes on until there are as many trials as wanted. @param done those finished before. @returns all. */
export async function search(
  work: SearchWork,
  done: readonly FinishedTrial[],
): Promise<readonly FinishedTrial[]> {
  const finished = [...done];
  const tried: Suggestion[] = [...done];
  const running: Promise<FinishedTrial>[] = [];
  const finish = async (): Promise<void> => {
    const trial = await running[0];
    void running.shift();
    if (trial === undefined) return;
    finished.push(trial);
    work.onTrial(trial);
  };
  try {
    for (let index = done.length; index < work.trials; index += 1) {
      const next = suggestion(work, index, tried, finished);
      if (next === null) break;
      tried.push(next);
      running.push(playedTrial(work, { ...next, trial: index }, finished));
      if (running.length >= ahead) await finish();
    }
    while (running.length > 0) await finish();
  } finally {
    await Promise.allSettled(running);
  }
  return finished;
}
