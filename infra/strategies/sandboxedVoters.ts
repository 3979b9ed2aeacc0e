// Asks strategies in this process, each in a sandbox of its own with a limit of time. One that hangs, or is broken on
// three bars of a session, is benched: it is not asked again before the next session, and its votes say why.
import {
  brokenVote,
  voteOfAnswer,
  type Asked,
  type MarketView,
  type StrategyInUse,
  type StrategyVote,
  type Voters,
} from '../../domain/strategy';
import type { LoadedStrategy } from './loaded';
import { Sandbox, SandboxLost } from './sandbox';
import type { ToldAnswer, ToldValue } from './question';
import { Told } from './told';

/** How long a strategy may take for one bar of all stocks. */
export const barMaxMs = 2_000;
const brokenBarsMax = 3;

export interface VotersOptions {
  /** Milliseconds a strategy has for one bar. */
  readonly maxMs?: number;
  /** Called before a strategy is asked. */
  readonly asking?: (name: string) => void;
}

export class SandboxedVoters implements Voters {
  readonly strategies: readonly StrategyInUse[];
  readonly #asked: readonly AskedStrategy[];
  readonly #asking: (name: string) => void;

  constructor(
    loaded: readonly LoadedStrategy[],
    { maxMs = barMaxMs, asking = () => undefined }: VotersOptions = {},
  ) {
    this.strategies = loaded.map(({ use }) => use);
    this.#asked = loaded.map((one) => new AskedStrategy(one, maxMs));
    this.#asking = asking;
  }

  votes(views: readonly MarketView[]): Promise<readonly (readonly StrategyVote[])[]> {
    const byStrategy = this.#asked.map((one) => {
      this.#asking(one.name);
      return one.votes(views);
    });
    return Promise.resolve(views.map((_, at) => byStrategy.flatMap((votes) => votes[at] ?? [])));
  }
}

/** The end of a benched strategy's reason. */
export const leftOut = 'it is left out for the rest of the session';

/** The votes of a strategy that is not asked. */
export const benchedVotes = (
  { name: agent, hash }: Pick<StrategyInUse, 'name' | 'hash'>,
  views: readonly MarketView[],
  why: string,
): readonly StrategyVote[] =>
  views.map(({ bar: { close } }) => brokenVote({ agent, hash, close }, `${why}; ${leftOut}`));

/** One strategy through its sessions. */
class AskedStrategy {
  readonly #loaded: LoadedStrategy;
  readonly #maxMs: number;
  #session: string | null = null;
  #sandbox: Sandbox | null = null;
  #told = new Told();
  #brokenBars = new Set<number>();
  #benched: string | null = null;

  constructor(loaded: LoadedStrategy, maxMs: number) {
    this.#loaded = loaded;
    this.#maxMs = maxMs;
  }

  get name(): string {
    return this.#loaded.use.name;
  }

  votes(views: readonly MarketView[]): readonly StrategyVote[] {
    const [first] = views;
    if (first === undefined) return [];
    const { use } = this.#loaded;
    if (first.bar.session !== this.#session) this.#beginSession(first.bar.session);
    if (this.#benched !== null) return benchedVotes(use, views, this.#benched);
    try {
      const votes = this.#ask(views);
      this.#count(first.bar.barAt, votes);
      return votes;
    } catch (error) {
      if (!(error instanceof SandboxLost)) throw error;
      this.#benched = error.message;
      return benchedVotes(use, views, error.message);
    }
  }

  /** A session begins with nothing of the one before, so a day is the same whichever was played before it. */
  #beginSession(session: string): void {
    this.#session = session;
    this.#sandbox = null;
    this.#told = new Told();
    this.#brokenBars = new Set();
    this.#benched = null;
  }

  /** @throws SandboxLost */
  #ask(views: readonly MarketView[]): readonly StrategyVote[] {
    const sandbox = (this.#sandbox ??= this.#begun());
    const answers = sandbox.ask(this.#told.question(views), this.#maxMs);
    const { name: agent, hash } = this.#loaded.use;
    return views.map(({ bar: { close } }, at) =>
      voteOf(sandbox, { agent, hash, close }, answers[at] ?? null),
    );
  }

  #begun(): Sandbox {
    const sandbox = new Sandbox(this.#loaded.code);
    const told = sandbox.load();
    if ('fault' in told) throw new SandboxLost(told.fault);
    sandbox.begin(this.#loaded.use.values);
    return sandbox;
  }

  #count(barAt: number, votes: readonly StrategyVote[]): void {
    const broken = votes.find((vote) => vote.broken === true);
    if (broken === undefined) return;
    this.#brokenBars.add(barAt);
    if (this.#brokenBars.size < brokenBarsMax) return;
    const why = broken.reason.replace(`${this.name} is broken: `, '');
    this.#benched = `it was broken on ${brokenBarsMax} bars, at last: ${why}`;
  }
}

function voteOf(sandbox: Sandbox, asked: Asked, answer: ToldAnswer): StrategyVote {
  if (answer === null) return voteOfAnswer(asked, null);
  if ('fault' in answer) return brokenVote(asked, sandbox.placed(answer));
  if ('value' in answer) return voteOfAnswer(asked, valueOf(answer.value));
  const fields = Object.entries(answer.fields).map(([name, value]) => [name, valueOf(value)]);
  return voteOfAnswer(asked, Object.fromEntries(fields));
}

function valueOf([kind, text]: ToldValue): unknown {
  switch (kind) {
    case 'number':
      return Number(text);
    case 'flag':
      return text === 'true';
    case 'null':
      return null;
    case 'text':
    case 'other':
      return text;
  }
}
