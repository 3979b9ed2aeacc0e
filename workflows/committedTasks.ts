// Problem. A workflow may decide on something that its history does not hold in that place. The decision goes
// into history all the same. The next worker cannot replay it, so the workflow stands still for ever, with
// `No command scheduled for event` in the log. Process chaos found two cases (docs/reliability.md, Process
// chaos). Both are opened by a query.
//
// Case 1. A query that waited for a worker is handed the history as it is by then. Core plays the events
// beyond the last completed task into the cached run: at the time of that task, and apart from the other
// events their own task will bring.
//
// Case 2. A task that also answers a query may complete with a local activity's result recorded but not yet
// delivered. The result arrives with the next task, behind that task's signals. Replay delivers it before
// them. (Delivered alone, the result is only late; see hostClock.ts.)
//
// Remedy. An interceptor fails such an activation. The run leaves the cache and is replayed from its history,
// and the query may be asked again. Context and price: docs/decisions/0014.
//
// SDK. Seen with the core of @temporalio/worker 1.24.0. Case 1 is known of the Go SDK (temporalio/sdk-go issue
// 755). No issue on either case was found for core (temporalio/sdk-rust) or the TypeScript SDK. A report needs
// a worker killed under a waiting query (case 1), or a query asked while a local activity runs (case 2), and
// then a replay of the history.
//
// Until when. This file may go with the first release in which a waiting query gets only completed tasks, and
// a local activity's result is delivered in the task that recorded it. To find out: update the SDK, empty
// `interceptors`, and run several times `npm run chaos` and, in test/system/position.test.ts, the test "a position
// asked about while its worker is down still replays when the next worker comes". Every history must replay.
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** Where in history an activation stands. */
export interface HistoryPoint {
  /** Id of the last event it contains. */
  readonly lastEvent: number;
  /** Workflow time, exact: the start of its task, or the end of a local activity in that task. */
  readonly time: string;
  readonly isReplaying: boolean;
  /** True when it delivers a local activity's result and something else with it. */
  readonly mixesLocalResult: boolean;
}

/**
 * Is the activation one of the two cases? In case 1 it brings new events at the time of the last task, though
 * a task that starts sets the time. In case 2 it brings new events beside the result of an earlier task's
 * local activity. Two harmless things look the same: a server clock that steps back (case 1), and a local
 * activity that outlives its task (case 2). Then the task is tried again, which costs only time. Replay is
 * never refused, so a history once written can always be replayed.
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
