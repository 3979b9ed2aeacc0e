// The figures of a backtest. Pure: trades and decisions in, figures out. Days are added by their counts,
// never by averaging their rates.
import { perAgent, type AgentName, type AgentVote } from '../domain/agents';
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
  readonly agents: Readonly<Record<AgentName, AgentShare>>;
}

export interface TallyInput {
  readonly decision: { readonly action: DecisionAction };
  readonly analysis: { readonly votes: readonly AgentVote[] };
}

export function tallyDecisions(judged: readonly TallyInput[]): DecisionTally {
  const decided = (action: DecisionAction): number =>
    judged.filter(({ decision }) => decision.action === action).length;
  const spoken = (agent: AgentName, vote: AgentVote['action'], decision?: Direction): number =>
    judged.filter(
      (one) =>
        (decision === undefined || one.decision.action === decision) &&
        one.analysis.votes.some((cast) => cast.agent === agent && cast.action === vote),
    ).length;
  return {
    decisions: { LONG: decided('LONG'), SHORT: decided('SHORT'), SKIP: decided('SKIP') },
    agents: perAgent(({ name: agent }) => ({
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
    agents: perAgent(({ name: agent }) => ({
      buyVotes: sum(({ agents }) => agents[agent].buyVotes),
      sellVotes: sum(({ agents }) => agents[agent].sellVotes),
      inLong: sum(({ agents }) => agents[agent].inLong),
      inShort: sum(({ agents }) => agents[agent].inShort),
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
