// Asks strategies in a process of their own. A strategy that does not come back in time is stopped with the process and
// benched for the session; the process is begun anew for the others, which are asked again about the same bar.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { wordsOf } from '../../domain/errors';
import { plainSnapshot, type IndicatorSnapshot } from '../../domain/indicators';
import type { MarketView, StrategyInUse, StrategyVote, Voters } from '../../domain/strategy';
import type { LoadedStrategy } from './loaded';
import { barMaxMs, benchedVotes } from './sandboxedVoters';
import { startApart, wordsOfEnd } from './apartProcess';
import type { ChildMessage, ChildQuestion, ChildStart } from './childMessages';

/** Beyond its time, until the process is stopped: the sandbox's own limit has had its chance. */
const graceMs = 500;
/** Before the first strategy is asked, a process has to begin. */
const beginMaxMs = 10_000;
const memoryMaxMb = 256;

interface Unusable {
  readonly use: StrategyInUse;
  readonly why: string;
}

export interface ApartOptions {
  readonly maxMs?: number;
  readonly memoryMb?: number;
}

/** How a question to the process ended: with votes, or with the strategy that was being asked when it did not. */
type Outcome =
  | { readonly votes: readonly (readonly StrategyVote[])[] }
  | { readonly culprit: string | null; readonly why: string };

export class ApartVoters implements Voters {
  readonly strategies: readonly StrategyInUse[];
  readonly #loaded: readonly (LoadedStrategy | Unusable)[];
  readonly #maxMs: number;
  readonly #memoryMb: number;
  readonly #benched = new Map<string, string>();
  #session: string | null = null;
  #child: ChildProcess | null = null;
  #questions = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    loaded: readonly (LoadedStrategy | Unusable)[],
    { maxMs = barMaxMs, memoryMb = memoryMaxMb }: ApartOptions = {},
  ) {
    this.strategies = loaded.map(({ use }) => use);
    this.#loaded = loaded;
    this.#maxMs = maxMs;
    this.#memoryMb = memoryMb;
  }

  /** One bar after the other: a process has one question at a time. */
  votes(views: readonly MarketView[]): Promise<readonly (readonly StrategyVote[])[]> {
    const asked = this.#last.then(() => this.#votes(views));
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
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
    const child = (this.#child ??= this.#begun(asked));
    const id = (this.#questions += 1);
    return new Promise<Outcome>((resolve) => {
      let culprit: string | null = null;
      const late = `it did not come back within ${this.#maxMs / 1_000} s`;
      const end = (ended: string | Outcome): void => {
        clearTimeout(timer);
        child.off('message', hear).off('exit', leave);
        resolve(typeof ended === 'string' ? { culprit, why: ended } : ended);
      };
      const hear = (message: ChildMessage): void => {
        if (message.kind === 'asking') {
          culprit = message.name;
          clearTimeout(timer);
          timer = setTimeout(() => end(late), this.#maxMs + graceMs);
        } else if (message.id === id) end({ votes: message.votes });
      };
      const leave = (_: unknown, signal: NodeJS.Signals | null): void =>
        end(wordsOfEnd(signal, this.#memoryMb));
      let timer = setTimeout(() => end(late), beginMaxMs);
      child.on('message', hear).on('exit', leave);
      child.send({ id, views } satisfies ChildQuestion);
    });
  }

  #begun(loaded: readonly LoadedStrategy[]): ChildProcess {
    const child = startApart('votersChild', this.#memoryMb);
    // Whoever asks hears that it has ended; one that ends between two questions is begun anew at the next.
    child.on('error', () => undefined);
    child.on('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    child.send({ loaded, maxMs: this.#maxMs } satisfies ChildStart);
    // It must not keep its owner alive.
    child.unref();
    child.channel?.unref();
    return child;
  }
}

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
