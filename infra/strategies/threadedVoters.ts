// Asks strategies in a thread of their own. A strategy that does not come back in time is stopped with the thread and
// benched for the session; the thread is begun anew for the others, which are asked again about the same bar.
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { wordsOf } from '../../domain/errors';
import { plainSnapshot, type IndicatorSnapshot } from '../../domain/indicators';
import type { MarketView, StrategyInUse, StrategyVote, Voters } from '../../domain/strategy';
import type { LoadedStrategy } from './loaded';
import { barMaxMs, benchedVotes } from './sandboxedVoters';
import type { ThreadMessage, ThreadQuestion, ThreadStart } from './threadMessages';

const suffix = extname(__filename);
/** Beyond its time, until the thread is stopped: the sandbox's own limit has had its chance. */
const graceMs = 500;
/** Before the first strategy is asked, a thread has to begin. */
const beginMaxMs = 10_000;
const memoryMaxMb = 256;

interface Unusable {
  readonly use: StrategyInUse;
  readonly why: string;
}

export interface ThreadOptions {
  readonly maxMs?: number;
  readonly memoryMb?: number;
}

/** How a question to the thread ended: with votes, or with the strategy that was being asked when it did not. */
type Outcome =
  | { readonly votes: readonly (readonly StrategyVote[])[] }
  | { readonly culprit: string | null; readonly why: string };

export class ThreadedVoters implements Voters {
  readonly strategies: readonly StrategyInUse[];
  readonly #loaded: readonly (LoadedStrategy | Unusable)[];
  readonly #maxMs: number;
  readonly #memoryMb: number;
  readonly #benched = new Map<string, string>();
  #session: string | null = null;
  #thread: Worker | null = null;
  #questions = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    loaded: readonly (LoadedStrategy | Unusable)[],
    { maxMs = barMaxMs, memoryMb = memoryMaxMb }: ThreadOptions = {},
  ) {
    this.strategies = loaded.map(({ use }) => use);
    this.#loaded = loaded;
    this.#maxMs = maxMs;
    this.#memoryMb = memoryMb;
  }

  /** One bar after the other: a thread has one question at a time. */
  votes(views: readonly MarketView[]): Promise<readonly (readonly StrategyVote[])[]> {
    const asked = this.#last.then(() => this.#votes(views));
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
    this.#thread = null;
  }

  async #votes(views: readonly MarketView[]): Promise<readonly (readonly StrategyVote[])[]> {
    const [first] = views;
    if (first === undefined) return [];
    if (first.bar.session !== this.#session) {
      this.#session = first.bar.session;
      this.#benched.clear();
      await this.close();
    }
    const plain = plainViews(views);
    let asked = this.#usable();
    let answered: Outcome = { votes: [] };
    while (asked.length > 0) {
      answered = await this.#ask(asked, plain).catch((error: unknown): Outcome => ({
        culprit: null,
        why: wordsOf(error),
      }));
      if ('votes' in answered) break;
      await this.close();
      const { culprit, why } = answered;
      for (const { use } of asked)
        if (culprit === null || use.name === culprit) this.#benched.set(use.name, why);
      asked = this.#usable();
    }
    return this.#together(views, asked, 'votes' in answered ? answered.votes : []);
  }

  #usable(): readonly LoadedStrategy[] {
    return this.#loaded.flatMap((one) =>
      'why' in one || this.#benched.has(one.use.name) ? [] : [one],
    );
  }

  /** The votes in the order of `strategies`, those of the benched among them. */
  #together(
    views: readonly MarketView[],
    asked: readonly LoadedStrategy[],
    votes: readonly (readonly StrategyVote[])[],
  ): readonly (readonly StrategyVote[])[] {
    const columns = this.#loaded.map((one) => {
      const place = asked.findIndex(({ use }) => use.name === one.use.name);
      if (place >= 0) return votes.map((ofView) => ofView.slice(place, place + 1));
      const why = 'why' in one ? one.why : (this.#benched.get(one.use.name) ?? '');
      return benchedVotes(one.use, views, why).map((vote) => [vote]);
    });
    return views.map((_, at) => columns.flatMap((column) => column[at] ?? []));
  }

  async #ask(asked: readonly LoadedStrategy[], views: readonly MarketView[]): Promise<Outcome> {
    const thread = (this.#thread ??= this.#begun(asked));
    const id = (this.#questions += 1);
    return new Promise<Outcome>((resolve) => {
      let culprit: string | null = null;
      const late = `it did not come back within ${this.#maxMs / 1_000} s`;
      const end = (ended: string | Outcome): void => {
        clearTimeout(timer);
        thread.off('message', hear).off('error', fall).off('exit', leave);
        resolve(typeof ended === 'string' ? { culprit, why: ended } : ended);
      };
      const hear = (message: ThreadMessage): void => {
        if (message.kind === 'asking') {
          culprit = message.name;
          clearTimeout(timer);
          timer = setTimeout(() => end(late), this.#maxMs + graceMs);
        } else if (message.id === id) end({ votes: message.votes });
      };
      const fall = (error: Error): void => end(wordsOfEnd(error, this.#memoryMb));
      const leave = (): void => end('it ended its thread');
      let timer = setTimeout(() => end(late), beginMaxMs);
      thread.on('message', hear).on('error', fall).on('exit', leave);
      thread.postMessage({ id, views } satisfies ThreadQuestion);
    });
  }

  #begun(loaded: readonly LoadedStrategy[]): Worker {
    const start: ThreadStart = { loaded, maxMs: this.#maxMs };
    const thread = new Worker(join(__dirname, `strategyThread${suffix}`), {
      workerData: start,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: this.#memoryMb },
      execArgv: suffix === '.ts' ? ['--require', join(__dirname, '../sourceHook.cjs')] : [],
    });
    // Whoever asks hears of an error; one between two questions shows at the next.
    thread.on('error', () => undefined);
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = null;
    });
    // It must not keep the process alive, which ends with its workers.
    thread.unref();
    return thread;
  }
}

const wordsOfEnd = (error: Error, memoryMb: number): string =>
  (error as { readonly code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? `it took more than ${memoryMb} MB of memory`
    : `its thread ended: ${error.message}`;

/** Bars as plain values, each once, so that a copy of the views is small and knows what is the same. */
function plainViews(views: readonly MarketView[]): readonly MarketView[] {
  const known = new Map<IndicatorSnapshot, IndicatorSnapshot>();
  const plain = (bar: IndicatorSnapshot): IndicatorSnapshot => {
    const made = known.get(bar) ?? plainSnapshot(bar);
    known.set(bar, made);
    return made;
  };
  const lists = new Map<readonly IndicatorSnapshot[], readonly IndicatorSnapshot[]>();
  const all = (bars: readonly IndicatorSnapshot[]): readonly IndicatorSnapshot[] => {
    const made = lists.get(bars) ?? bars.map(plain);
    lists.set(bars, made);
    return made;
  };
  const series = <One extends MarketView['universe'][number]>(one: One): One => ({
    ...one,
    bars: all(one.bars),
    session: all(one.session),
  });
  const universes = new Map<MarketView['universe'], MarketView['universe']>();
  return views.map((view) => {
    const universe = universes.get(view.universe) ?? view.universe.map(series);
    universes.set(view.universe, universe);
    return {
      ...series(view),
      bar: plain(view.bar),
      index: view.index === null ? null : series(view.index),
      universe,
    };
  });
}
