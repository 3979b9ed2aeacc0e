// One worker of a search (an entry point): it has some of the days, reads their candles once, and plays whatever
// configuration it is given on them, one task after the other.
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../../domain/assert';
import { Refused, wordsOf } from '../../domain/errors';
import type { SessionDate } from '../../domain/session/calendar';
import type { Paise } from '../../domain/units';
import type { RatchetConfig } from '../../infra/config/config';
import type { DayResult } from './dayEngine';
import { openEngine, type EngineSpec } from './engines';

export interface ThreadStart {
  readonly engine: EngineSpec;
  readonly dates: readonly SessionDate[];
}

export interface Task {
  readonly id: number;
  readonly dates: readonly SessionDate[];
  readonly config: RatchetConfig;
  /** Runs with random entries to play as well. */
  readonly twins: number;
}

export interface PlayedTask {
  readonly result: DayResult;
  readonly twins: readonly Paise[];
}

export type Answer = { readonly id: number } & (
  | { readonly kind: 'played'; readonly days: readonly PlayedTask[] }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string }
);

const port = parentPort;
invariant(port !== null, 'Invariant: a worker of a search is a thread');
const { engine: spec, dates } = workerData as ThreadStart;
const engine = openEngine(spec, dates);

async function played({ dates: asked, config, twins }: Task): Promise<readonly PlayedTask[]> {
  const opened = await engine;
  const days: PlayedTask[] = [];
  for (const date of asked) {
    const result = await opened.play(date, config);
    days.push({ result, twins: twins === 0 ? [] : await opened.twins(date, config, twins) });
  }
  return days;
}

async function answerTo(task: Task): Promise<Answer> {
  try {
    return { id: task.id, kind: 'played', days: await played(task) };
  } catch (error) {
    const kind = error instanceof Refused ? 'refused' : 'failed';
    return { id: task.id, kind, why: wordsOf(error) };
  }
}

let last: Promise<void> = Promise.resolve();
port.on('message', (task: Task) => {
  last = last.then(async () => port.postMessage(await answerTo(task)));
});
