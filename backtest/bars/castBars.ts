// What the agents find on every bar of a stock's day, as numbers: each agent's signed confidence, and the regime. A
// search that changes how votes are weighed, or what follows from them, need not ask the agents again.
import { agentNames, castAll } from '../../domain/agents';
import { recentBars, regimeOf, type DecisionConfig, type Regime } from '../../domain/decision';
import { ColumnBar, type BarColumns, type PastBars } from '../../domain/indicators';
import { neutralSentiment } from '../../domain/sentiment/view';
import { epochMs } from '../../domain/units';

/** No news are recorded, so that every bar is judged without any. */
export const noNews = neutralSentiment(epochMs(0));

const regimes: readonly Regime[] = [
  'trending-up',
  'trending-down',
  'ranging',
  'volatile',
  'warming-up',
];

/** The agents' findings on the bars from `first` on. */
export interface CastBars {
  readonly first: number;
  /** One number an agent and bar: above 0 to buy, below 0 to sell, 0 of no opinion. */
  readonly signed: Float64Array;
  /** Place in `regimes`, one a bar. */
  readonly regime: Uint8Array;
}

/** Up to `recentBars` bars before one, read where they lie. */
function pastIn(columns: BarColumns, at: number): PastBars {
  const count = Math.min(at, recentBars);
  const { high, low, atr14 } = columns;
  const from = (most: number): number => at - Math.min(count, most);
  return {
    count,
    back: (bars) => (bars < 1 || bars > count ? undefined : new ColumnBar(columns, at - bars)),
    range(bars) {
      const range = bars < 1 || bars > count ? NaN : (atr14[at - bars] ?? NaN);
      return Number.isNaN(range) ? null : range;
    },
    highest(most) {
      let highest = -Infinity;
      for (let bar = from(most); bar < at; bar += 1) highest = Math.max(highest, high[bar] ?? NaN);
      return highest;
    },
    lowest(most) {
      let lowest = Infinity;
      for (let bar = from(most); bar < at; bar += 1) lowest = Math.min(lowest, low[bar] ?? NaN);
      return lowest;
    },
  };
}

const agentPlace = new Map<string, number>(agentNames.map((name, place) => [name, place]));

export function castBars(
  columns: BarColumns,
  first: number,
  { agents: config }: Pick<DecisionConfig, 'agents'>,
): CastBars {
  const bars = columns.length - first;
  const signed = new Float64Array(bars * agentNames.length);
  const regime = new Uint8Array(bars);
  for (let at = first; at < columns.length; at += 1) {
    const snapshot = new ColumnBar(columns, at);
    const past = pastIn(columns, at);
    const place = (at - first) * agentNames.length;
    castAll({ snapshot, past, sentiment: noNews, config }, ({ name }, { sign, finding }) => {
      signed[place + (agentPlace.get(name) ?? 0)] = sign * (finding?.confidence ?? 0);
    });
    regime[at - first] = regimes.indexOf(regimeOf(snapshot, past));
  }
  return { first, signed, regime };
}

/** What the agents found on one bar, in their order. */
export const signedAt = ({ signed, first }: CastBars, at: number): Float64Array =>
  signed.subarray((at - first) * agentNames.length, (at - first + 1) * agentNames.length);

export function regimeAt({ regime, first }: CastBars, at: number): Regime {
  const found = regimes[regime[at - first] ?? -1];
  if (found === undefined) throw new Error('Invariant: every bar has a regime');
  return found;
}
