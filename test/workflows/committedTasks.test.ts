// Goal: news that no workflow task has brought is told apart from everything a task can bring. The whole
// story, with a worker that dies under a waiting query, is in test/system/position.test.ts.
import { isAheadOfItsTask, type HistoryPoint } from '../../workflows/committedTasks';

const task: HistoryPoint = { lastEvent: 60, time: '28.212412000', isReplaying: false };

test.each<[string, HistoryPoint | undefined, HistoryPoint, boolean]>([
  ['events beyond the last task, at its time', task, { ...task, lastEvent: 63 }, true],
  ['the same after a replay', { ...task, isReplaying: true }, { ...task, lastEvent: 63 }, true],
  ['the next task', task, { ...task, lastEvent: 66, time: '32.102841000' }, false],
  ['a local activity’s end within the task', task, { ...task, time: '28.240000000' }, false],
  ['a second batch of the same activation', task, task, false],
  ['replay, whatever its clock did', task, { ...task, lastEvent: 66, isReplaying: true }, false],
  ['the first activation of a run', undefined, task, false],
])('%s', (_, last, next, expected) => {
  expect(isAheadOfItsTask(last, next)).toBe(expected);
});
