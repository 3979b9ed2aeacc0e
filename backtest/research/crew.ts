// The workers of a search. Each owns some of the days, so that what it has read and judged of a day serves every trial.
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Refused } from '../../domain/errors';
import type { SessionDate } from '../../domain/session/calendar';
import type { RatchetConfig } from '../../infra/config/config';
import type { Answer, PlayedTask, Task, ThreadStart } from './crewThread';
import type { EngineSpec } from './engines';

/** `.ts` where the sources run as they are. */
const suffix = extname(__filename);
const hook = join(__dirname, '../../infra/sourceHook.cjs');

/** Whatever plays days side by side. */
export interface Players {
  /**
   * The days in the order asked for. @throws Refused RESEARCH_TRIAL where the configuration cannot be played, Error
   * where a worker fails.
   */
  play(
    dates: readonly SessionDate[],
    config: RatchetConfig,
    twins?: number,
  ): Promise<readonly PlayedTask[]>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (days: readonly PlayedTask[]) => void;
  readonly reject: (error: Error) => void;
}

class Member {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #lost: Error | undefined;

  constructor(start: ThreadStart) {
    const execArgv = suffix === '.ts' ? ['--require', hook] : [];
    const file = join(__dirname, `crewThread${suffix}`);
    this.#thread = new Worker(file, { workerData: start, execArgv });
    this.#thread.on('message', (answer: Answer) => this.#take(answer));
    this.#thread.on('error', (error) =>
      this.#lose(error instanceof Error ? error : new Error(String(error))),
    );
    this.#thread.on('exit', () => this.#lose(new Error('a worker of the search has ended')));
  }

  ask(task: Omit<Task, 'id'>): Promise<readonly PlayedTask[]> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    const id = (this.#next += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#thread.postMessage({ ...task, id } satisfies Task);
    });
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.kind === 'played') waiting?.resolve(answer.days);
    else if (answer.kind === 'refused')
      waiting?.reject(new Refused({ code: 'RESEARCH_TRIAL', message: answer.why }));
    else waiting?.reject(new Error(answer.why));
  }

  #lose(error: Error): void {
    this.#lost = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** @param dates all that will be asked for; each belongs to one worker. */
export function openCrew(
  engine: EngineSpec,
  dates: readonly SessionDate[],
  workers: number,
): Players {
  const count = Math.max(1, Math.min(workers, dates.length));
  const ownerOf = new Map(dates.map((date, index) => [date, index % count]));
  const members = Array.from({ length: count }, (_, index) => {
    const own = dates.filter((date) => ownerOf.get(date) === index);
    return new Member({ engine, dates: own });
  });
  return {
    play: async (asked, config, twins = 0) => {
      const parts = members.map((member, index) => {
        const own = asked.filter((date) => ownerOf.get(date) === index);
        return own.length === 0 ? Promise.resolve([]) : member.ask({ dates: own, config, twins });
      });
      // Every part is waited for: one that fails must leave no other without a listener.
      const settled = await Promise.allSettled(parts);
      const days = settled.flatMap((part) => {
        if (part.status === 'rejected') throw part.reason;
        return part.value;
      });
      const byDate = new Map(days.map((day) => [day.result.date, day]));
      return asked.flatMap((date) => byDate.get(date) ?? []);
    },
    close: async () => {
      await Promise.all(members.map((member) => member.close()));
    },
  };
}
