// Nothing is decided that the next worker could not replay. SDK core 1.24 has two ways round that, both
// opened by a query, and what follows from either goes into history: the workflow then stands still for
// ever. A query that waited for a worker is handed the history as it is by then, and core plays the events
// beyond the last task into the cached run, at the old time and apart from what their task will bring beside
// them. And a task that answers a query may end with a local activity's result recorded but not yet told: it
// comes with the next task, behind that task's signals, while replay tells it before them. (Told alone it
// only comes late, see hostClock.ts.) Such an activation is failed: the run leaves the cache and is replayed
// from its history (ARCHITECTURE.md, decision 14).
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** What an activation says of where in history it stands. */
export interface HistoryPoint {
  /** Id of the last event it has brought. */
  readonly lastEvent: number;
  /** Workflow time, exact: the start of the task it belongs to, or the end of a local activity in it. */
  readonly time: string;
  readonly isReplaying: boolean;
  /** It tells a local activity's result and something else beside it. */
  readonly mixesLocalResult: boolean;
}

/**
 * Whether an activation brings new events that belong to no task (a task that starts sets the time), or news
 * beside the result of an earlier task's local activity. A server clock that steps back looks like the first,
 * a local activity that outlives its task like the second: there the task is tried again, which costs time
 * and nothing else. Replay never does, so a history once written is never refused.
 */
export const isOutOfStep = (last: HistoryPoint | undefined, next: HistoryPoint): boolean =>
  last !== undefined &&
  !next.isReplaying &&
  next.lastEvent > last.lastEvent &&
  (next.time === last.time || next.mixesLocalResult);

const isMixed = (areLocal: readonly boolean[]): boolean =>
  areLocal.includes(true) && areLocal.includes(false);

export const interceptors: WorkflowInterceptorsFactory = () => {
  let last: HistoryPoint | undefined;
  return {
    internals: [
      {
        activate(input, next) {
          const { historyLength, timestamp, isReplaying, jobs } = input.activation;
          const point: HistoryPoint = {
            lastEvent: historyLength ?? 0,
            time: `${String(timestamp?.seconds)}.${String(timestamp?.nanos)}`,
            isReplaying: isReplaying ?? false,
            mixesLocalResult: isMixed(
              (jobs ?? []).map((job) => job.resolveActivity?.isLocal === true),
            ),
          };
          if (isOutOfStep(last, point))
            throw new Error('asked between two workflow tasks: ask again');
          last = point;
          next(input);
        },
      },
    ],
  };
};
