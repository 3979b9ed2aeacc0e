// The figures of a backtest. Pure: trades and decisions in, figures out. Days are added by their counts,
// never by averaging their rates.
import type { StrategyVote } from '../domain/strategy';
import type { DecisionAction } from '../domain/decision';
import { paise, type Direction, type Paise } from '../domain/units';

export { spreadOf, type Spread } from '../domain/research/spread';

/** Counts by name. */
export type Counts = Readonly<Record<string, number>>;

/** How often an agent voted, and for how many of the decisions on its side. */
export interface AgentShare {
  readonly buyVotes: number;
  readonly sellVotes: number;
  readonly inLong: number;
  readonly inShort: number;
}

export interface DecisionTally {
  readonly decisions: Readonly<Record<DecisionAction, number>>;
  /** By name, of those that were asked. */
  readonly agents: Readonly<Record<string, AgentShare>>;
}

export interface TallyInput {
  readonly decision: { readonly action: DecisionAction };
  readonly analysis: { readonly votes: readonly StrategyVote[] };
}

const byName = <Value>(
  names: readonly string[],
  valueOf: (name: string) => Value,
): Record<string, Value> => Object.fromEntries(names.map((name) => [name, valueOf(name)]));

export function tallyDecisions(judged: readonly TallyInput[]): DecisionTally {
  const decided = (action: DecisionAction): number =>
    judged.filter(({ decision }) => decision.action === action).length;
  const spoken = (agent: string, vote: StrategyVote['action'], decision?: Direction): number =>
    judged.filter(
      (one) =>
        (decision === undefined || one.decision.action === decision) &&
        one.analysis.votes.some((cast) => cast.agent === agent && cast.action === vote),
    ).length;
  const asked = new Set(judged.flatMap(({ analysis }) => analysis.votes.map(({ agent }) => agent)));
  return {
    decisions: { LONG: decided('LONG'), SHORT: decided('SHORT'), SKIP: decided('SKIP') },
    agents: byName([...asked], (agent) => ({
      buyVotes: spoken(agent, 'BUY'),
      sellVotes: spoken(agent, 'SELL'),
      inLong: spoken(agent, 'BUY', 'LONG'),
      inShort: spoken(agent, 'SELL', 'SHORT'),
    })),
  };
}

export function sumTallies(all: readonly DecisionTally[]): DecisionTally {
  const sum = (pick: (one: DecisionTally) => number): number =>
    all.reduce((total, one) => total + pick(one), 0);
  return {
    decisions: {
      LONG: sum(({ decisions }) => decisions.LONG),
      SHORT: sum(({ decisions }) => decisions.SHORT),
      SKIP: sum(({ decisions }) => decisions.SKIP),
    },
    agents: byName([...new Set(all.flatMap(({ agents }) => Object.keys(agents)))], (agent) => ({
      buyVotes: sum(({ agents }) => agents[agent]?.buyVotes ?? 0),
      sellVotes: sum(({ agents }) => agents[agent]?.sellVotes ?? 0),
      inLong: sum(({ agents }) => agents[agent]?.inLong ?? 0),
      inShort: sum(({ agents }) => agents[agent]?.inShort ?? 0),
    })),
  };
}

/** The money of some trades. A winner has a profit after charges. */
export interface TradeFigures {
  readonly trades: number;
  readonly winners: number;
  readonly grossPnl: Paise;
  readonly charges: Paise;
  readonly netPnl: Paise;
}

type TradeMoney = Pick<TradeFigures, 'grossPnl' | 'charges' | 'netPnl'>;

export const figuresOf = (trades: readonly TradeMoney[]): TradeFigures =>
  sumFigures(trades.map((trade) => ({ ...trade, trades: 1, winners: trade.netPnl > 0 ? 1 : 0 })));

export function sumFigures(all: readonly TradeFigures[]): TradeFigures {
  const sum = (pick: (one: TradeFigures) => number): number =>
    all.reduce((total, one) => total + pick(one), 0);
  return {
    trades: sum((one) => one.trades),
    winners: sum((one) => one.winners),
    grossPnl: paise(sum((one) => one.grossPnl)),
    charges: paise(sum((one) => one.charges)),
    netPnl: paise(sum((one) => one.netPnl)),
  };
}

/** Winners per trade; null when there is no trade. */
export const hitRate = ({ trades, winners }: TradeFigures): number | null =>
  trades === 0 ? null : winners / trades;

export function sumCounts(all: readonly Counts[]): Counts {
  const total: Record<string, number> = {};
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
  return total;
}
