// Runs a recorded day through the same functions again, from indicators to risk, and compares every number
// and trade with what the day stored. A position after its entry depends on ticks that are not kept, so it is
// not replayed here.
import type { WhyRow } from '../decision';
import type { RiskAnswer } from '../entry';
import { entryBars } from '../session/sessionPlan';
import { sameStrategies, type OwnVotes, type SeenStock, type StrategyInUse } from '../strategy';
import { epochMs, type EpochMs } from '../units';
import type { ComparedKind, Difference } from './differences';
import type { DayRecord } from './record';
import { replayBar } from './replayBar';
import { RiskReplay } from './replayRisk';

export { differenceLine, type Difference } from './differences';
export type { DayRecord } from './record';

export interface ParityReport {
  readonly account: string;
  readonly date: string;
  readonly bars: number;
  /**
   * Bars of the session the day did not judge, because the feed was silent or the day was busy. Not a
   * difference.
   */
  readonly barsNotJudged: number;
  readonly decisions: number;
  readonly riskAnswers: number;
  readonly trades: number;
  readonly counts: Readonly<Record<ComparedKind, number>>;
  readonly differences: readonly Difference[];
}

function byBar<T extends { readonly barAt: EpochMs }>(rows: readonly T[]): Map<EpochMs, T[]> {
  const grouped = new Map<EpochMs, T[]>();
  for (const row of rows) grouped.set(row.barAt, [...(grouped.get(row.barAt) ?? []), row]);
  return grouped;
}

/** Starts of the bars the session has between the first and the last entry. */
const sessionBars = ({ plan, terms: { barMinutes } }: DayRecord): readonly EpochMs[] =>
  entryBars(plan, barMinutes).map((end) => epochMs(end - barMinutes * 60_000));

/** Positions that the replay would not have opened. */
const unexplained = (record: DayRecord, entered: readonly string[]): readonly Difference[] =>
  record.intents
    .filter(({ intentId }) => !entered.includes(intentId))
    .map(({ intentId, instrument }): Difference => ({
      kind: 'trade',
      tradingsymbol: instrument.tradingsymbol,
      field: 'position',
      barAt: barOf(record, intentId),
      stored: intentId,
      replayed: undefined,
    }));

const barOf = ({ answers }: DayRecord, intentId: string): EpochMs =>
  answers.find(({ numbers }) => numbers['intentId'] === intentId)?.barAt ?? epochMs(0);

/** Strategies that voted on the day and whose code or values are not those at hand: nobody can ask them again. */
function strangers(record: DayRecord, strategies: readonly StrategyInUse[]): readonly Difference[] {
  const [first = epochMs(0)] = sessionBars(record);
  // The record begins with what was configured before the day, of which only the last was in force.
  const asked = record.configs
    .filter((_, at, all) => (all[at + 1]?.barAt ?? Infinity) > first)
    .flatMap(({ barAt, config }) =>
      (config.strategies ?? []).map((strategy) => ({ barAt, strategy })),
    );
  return asked.flatMap(({ barAt, strategy }): Difference[] => {
    const known = strategies.find(({ name }) => name === strategy.name);
    if (known !== undefined && sameStrategies([strategy], [known])) return [];
    const field = `strategy ${strategy.name}`;
    return [
      {
        kind: 'decision',
        tradingsymbol: 'every stock',
        field,
        barAt,
        stored: strategy.hash,
        replayed: known?.hash,
      },
    ];
  });
}

/**
 * Yields, bar by bar, the stocks on which the user's strategies are to be asked, and is given their votes: asking takes
 * time, and this code does not wait.
 * @param strategies the user's at hand. @throws Refused PARITY_NOT_RECORDED for a day whose configuration was not
 * recorded.
 */
export function* replayDay(
  record: DayRecord,
  strategies: readonly StrategyInUse[],
): Generator<readonly SeenStock[], ParityReport, OwnVotes> {
  const rows: Map<EpochMs, WhyRow[]> = byBar(record.trails);
  const answers: Map<EpochMs, RiskAnswer[]> = byBar(record.answers);
  const risk = new RiskReplay(record);
  const differences: Difference[] = [...strangers(record, strategies)];
  const bars = [...new Set([...rows.keys(), ...answers.keys()])].sort((a, b) => a - b);
  for (const barAt of bars) {
    const bar = yield* replayBar(record, barAt, rows.get(barAt) ?? [], strategies);
    differences.push(...bar.differences, ...risk.bar(barAt, bar, answers.get(barAt) ?? []));
  }
  differences.push(...unexplained(record, risk.entered));
  const count = (kind: ComparedKind): number =>
    differences.filter((one) => one.kind === kind).length;
  return {
    account: record.account,
    date: record.date,
    bars: bars.length,
    barsNotJudged: sessionBars(record).filter((at) => !rows.has(at)).length,
    decisions: record.trails.length,
    riskAnswers: record.answers.length,
    trades: record.intents.length,
    counts: { decision: count('decision'), risk: count('risk'), trade: count('trade') },
    differences,
  };
}
