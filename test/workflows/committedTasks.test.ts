// Goal: an activation that the next worker could not replay is told apart from every other. The whole case,
// with a worker that dies under a waiting query, is in test/system/position.test.ts.
import { isOutOfStep, type HistoryPoint } from '../../workflows/committedTasks';

const task: HistoryPoint = {
  lastEvent: 60,
  time: '28.212412000',
  isReplaying: false,
  mixesLocalResult: false,
};
const nextTask = { ...task, lastEvent: 66, time: '32.102841000' };

test.each<[string, HistoryPoint | undefined, HistoryPoint, boolean]>([
  ['events beyond the last task, at its time', task, { ...task, lastEvent: 63 }, true],
  ['the same after a replay', { ...task, isReplaying: true }, { ...task, lastEvent: 63 }, true],
  ['an earlier task’s result beside news', task, { ...nextTask, mixesLocalResult: true }, true],
  ['the next task', task, nextTask, false],
  ['a result within the task', task, { ...task, time: '28.24' }, false],
  ['an earlier task’s result alone', task, nextTask, false],
  ['a second batch of the same activation', task, task, false],
  ['replay, whatever its clock did', task, { ...task, lastEvent: 66, isReplaying: true }, false],
  [
    'replay, with a result beside news',
    task,
    { ...nextTask, isReplaying: true, mixesLocalResult: true },
    false,
  ],
  ['the first activation of a run', undefined, task, false],
])('%s', (_, last, next, expected) => {
  expect(isOutOfStep(last, next)).toBe(expected);
});
