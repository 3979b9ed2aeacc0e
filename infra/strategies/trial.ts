// A strategy's trial: is it asked about bars without failing, and does it answer the same when it is asked again?
import { istTime } from '../../domain/session/sessionClock';
import {
  marketViews,
  type MarketView,
  type SeenStock,
  type StrategyVote,
} from '../../domain/strategy';
import { epochMs } from '../../domain/units';
import { loadedWith, type ReadStrategy } from './loaded';
import { leftOut, SandboxedVoters } from './sandboxedVoters';

/** Stocks with their bars up to the end of the last session, by what they are from. */
export interface TrialBars {
  /** For instance "generated bars". */
  readonly from: string;
  readonly stocks: readonly SeenStock[];
}

export interface TrialResult {
  readonly from: string;
  readonly bars: number;
  /** Stocks on bars that it was asked about. */
  readonly asked: number;
  readonly buy: number;
  readonly sell: number;
  /** What is wrong, a sentence each. */
  readonly faults: readonly string[];
}

const faultsMax = 5;
/** Going backwards every bar is told of anew, so not all are asked. */
const everyBars = 4;

/** With the values it has by default. */
export async function trial(read: ReadStrategy, given: TrialBars): Promise<TrialResult> {
  const loaded = loadedWith(read, {});
  const bars = sessionViews(given.stocks);
  const voters = new SandboxedVoters([loaded]);
  const faults = new Set<string>();
  const first: (readonly StrategyVote[])[] = [];
  for (const views of bars) {
    const votes = (await voters.votes(views)).flat();
    first.push(votes);
    if (note(faults, views, votes)) break;
    const again = (await voters.votes(views)).flat();
    noteOther(faults, views, [votes, again]);
  }
  // From the last bar to the first: what remembers other bars than those of its view answers otherwise.
  const backwards = new SandboxedVoters([loaded]);
  for (let at = first.length - 1; at >= 0 && faults.size === 0; at -= everyBars) {
    const views = bars[at] ?? [];
    noteOther(faults, views, [first[at] ?? [], (await backwards.votes(views)).flat()]);
  }
  const count = (action: 'BUY' | 'SELL'): number =>
    first.flat().filter((vote) => vote.action === action).length;
  return {
    from: given.from,
    bars: first.length,
    asked: first.flat().length,
    buy: count('BUY'),
    sell: count('SELL'),
    faults: [...faults].slice(0, faultsMax),
  };
}

const placeOf = ({ tradingsymbol, bar: { barAt } }: MarketView): string =>
  `${tradingsymbol}, bar of ${istTime(barAt).slice(0, 5)}`;

/** Notes what is broken. @returns whether the strategy is not asked any more. */
function note(
  faults: Set<string>,
  views: readonly MarketView[],
  votes: readonly StrategyVote[],
): boolean {
  const known = new Set([...faults].map((fault) => fault.replace(/^[^:]*:\d\d: /, '')));
  for (const [at, { broken, reason, agent }] of votes.entries()) {
    const view = views[at];
    if (broken !== true || view === undefined) continue;
    const why = reason.replace(`${agent} is broken: `, '').replace(`; ${leftOut}`, '');
    if (known.has(why)) continue;
    known.add(why);
    faults.add(`${placeOf(view)}: ${why}`);
  }
  return votes.length > 0 && votes.every(({ broken }) => broken === true);
}

function noteOther(
  faults: Set<string>,
  views: readonly MarketView[],
  [votes, others]: readonly [readonly StrategyVote[], readonly StrategyVote[]],
): void {
  if (faults.size > 0) return;
  const at = votes.findIndex((vote, place) => wordsOf(vote) !== wordsOf(others[place]));
  const view = views[at];
  if (view === undefined) return;
  faults.add(
    `${placeOf(view)}: asked again it answered otherwise, ${wordsOf(votes[at])} and then ${wordsOf(others[at])}; what it keeps between two questions must be an indicator`,
  );
}

const wordsOf = (vote: StrategyVote | undefined): string =>
  vote === undefined
    ? 'nothing'
    : vote.action === 'NONE'
      ? 'no opinion'
      : `${vote.action} ${vote.confidence} with stop ${vote.stop ?? '–'}, target ${vote.target ?? '–'}, entry ${vote.entry ?? '–'} (${vote.reason})`;

/** The views of every bar of the last session. */
function sessionViews(stocks: readonly SeenStock[]): readonly (readonly MarketView[])[] {
  const last = stocks.reduce((latest, { bars }) => {
    const session = bars.at(-1)?.session ?? '';
    return session > latest ? session : latest;
  }, '');
  const ends = new Set(
    stocks.flatMap(({ bars }) =>
      bars.flatMap(({ session, barAt }) => (session === last ? [barAt as number] : [])),
    ),
  );
  return [...ends].sort((one, other) => one - other).map((barAt) => viewsAt(stocks, barAt));
}

const viewsAt = (stocks: readonly SeenStock[], barAt: number): readonly MarketView[] =>
  marketViews(
    stocks.flatMap((stock) => {
      const at = stock.bars.findIndex((bar) => bar.barAt === barAt);
      if (at < 0) return [];
      const news = { ...stock.news, asOf: epochMs(barAt) };
      return [{ ...stock, bars: stock.bars.slice(0, at + 1), news }];
    }),
    null,
  );
