// Nothing is decided on news that no workflow task has brought yet. A query that waited for a worker is
// handed the history as it is by then; core plays the events beyond the last task into the cached run, at
// the old time and apart from what their task will bring beside them. The commands that follow would go out
// with that task, and no other worker could replay them: the position would stand still for ever. Such an
// activation is failed: the query fails and may be asked again, the run leaves the cache, and its task
// replays it from history (ARCHITECTURE.md, decision 14).
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** What an activation says of where in history it stands. */
export interface HistoryPoint {
  /** Id of the last event it has brought. */
  readonly lastEvent: number;
  /** Workflow time, exact: the start of the task it belongs to, or the end of a local activity in it. */
  readonly time: string;
  readonly isReplaying: boolean;
}

/**
 * Whether an activation brings events that belong to no task: a task that starts sets the time. A server
 * clock that steps back looks the same; then the task is tried again until the clock has caught up. Replay
 * never does, so a history once written is never refused.
 */
export const isAheadOfItsTask = (last: HistoryPoint | undefined, next: HistoryPoint): boolean =>
  last !== undefined &&
  !next.isReplaying &&
  next.lastEvent > last.lastEvent &&
  next.time === last.time;

export const interceptors: WorkflowInterceptorsFactory = () => {
  let last: HistoryPoint | undefined;
  return {
    internals: [
      {
        activate(input, next) {
          const { historyLength, timestamp, isReplaying } = input.activation;
          const point: HistoryPoint = {
            lastEvent: historyLength ?? 0,
            time: `${String(timestamp?.seconds)}.${String(timestamp?.nanos)}`,
            isReplaying: isReplaying ?? false,
          };
          if (isAheadOfItsTask(last, point))
            throw new Error('asked between two workflow tasks: ask again');
          last = point;
          next(input);
        },
      },
    ],
  };
};
