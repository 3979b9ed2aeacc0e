// A backtest as tables: what was decided, refused and traded, and its result beside the index and random
// entries. The last lines say what the figures leave out.
import type { Fidelity, DayReport, LotReport, Spread, TotalReport } from '../../backtest';
import { formatRupees, paise, type Paise } from '../../domain/units';
import type { StrategyInUse } from '../../domain/strategy';
import { columns } from './output';
import { strategyWords } from './strategyWords';

/** What `--json` prints. Money in paise. */
export interface BacktestDocument {
  readonly fidelity: Fidelity;
  readonly seed: number;
  readonly cash: Paise;
  /** Version of the signal-quality model; null without one. */
  readonly model: string | null;
  /** The shipped agents that voted, … */
  readonly agents: readonly string[];
  /** … and the user's own strategies, with their code and values. */
  readonly strategies: readonly Pick<StrategyInUse, 'name' | 'hash' | 'values'>[];
  readonly modelWhenAbsent: 'block' | 'pass';
  /** Recorded days have no headlines of their date. */
  readonly sentiment: 'absent';
  /** What was put right while the files were read, in sentences. */
  readonly filesRemarks: readonly string[];
  readonly days: readonly DayReport[];
  readonly total: TotalReport;
}

export const percent = (share: number | null): string =>
  share === null ? '–' : `${share < 0 ? '−' : ''}${Math.abs(100 * share).toFixed(1)} %`;
const rounded = (amount: number): string => formatRupees(paise(Math.round(amount)));

export function backtestLines(document: BacktestDocument): readonly string[] {
  const { total } = document;
  return [
    ...columns([
      dayHead,
      ...document.days.map(dayRow),
      [
        'total',
        ...moneyCells(total),
        total.index === null ? '–' : formatRupees(total.index.daily),
        ...lotCells(total.random),
      ],
    ]),
    '',
    ...decisionLines(total),
    '',
    ...refusalLines(total),
    '',
    ...comparisonLines(document),
    ...remarks(document),
  ];
}

export const dayHead = [
  'day',
  'LONG',
  'SHORT',
  'SKIP',
  'entries',
  'trades',
  'hits',
  'before charges',
  'charges',
  'after charges',
  'index',
  'random mean',
  'random 5–95 %',
];

export const dayRow = (day: DayReport): readonly string[] => [
  `${day.date}${day.whole ? '' : '*'}`,
  ...moneyCells(day),
  day.index === null ? '–' : formatRupees(day.index.pnl),
  ...lotCells(day.random),
];

function moneyCells(one: DayReport | TotalReport): readonly string[] {
  const { decisions, entries, trades, grossPnl, charges, netPnl } = one;
  return [
    ...[decisions.LONG, decisions.SHORT, decisions.SKIP, entries, trades].map(String),
    percent(one.hitRate),
    ...[grossPnl, charges, netPnl].map(formatRupees),
  ];
}

const lotCells = (random: LotReport | null): readonly string[] =>
  random === null
    ? ['–', '–']
    : [
        rounded(random.netPnl.mean),
        `${rounded(random.netPnl.low)} to ${rounded(random.netPnl.high)}`,
      ];

const decisionLines = ({ agents }: TotalReport): readonly string[] =>
  columns([
    ['agent', 'BUY votes', 'SELL votes', 'in LONG', 'in SHORT'],
    ...Object.entries(agents).map(([agent, { buyVotes, sellVotes, inLong, inShort }]) => [
      agent,
      ...[buyVotes, sellVotes, inLong, inShort].map(String),
    ]),
  ]);

export const refusalRows = ({ refusals, unjudged }: TotalReport): readonly (readonly string[])[] =>
  [...Object.entries(refusals), ...Object.entries(unjudged)]
    .sort(([, one], [, other]) => other - one)
    .map(([code, count]) => [code, String(count)]);

const refusalLines = (total: TotalReport): readonly string[] =>
  columns([['refused', 'times'], ...refusalRows(total)]);

const bps = (value: number): string => value.toFixed(1).replace('-', '−');

/** What the result before charges may be, were other such days drawn. */
function certaintyLine({ grossBps, habits }: TotalReport): string {
  const { exposure, turnover, chargesShare, holdingMinutes } = habits;
  const sure =
    grossBps === null
      ? 'fewer than five days say nothing of how sure that is'
      : `before charges ${bps(grossBps.mean)} bp of the value entered, 95 % between ${bps(grossBps.low)} and ${bps(grossBps.high)} by days: ${claimOf(grossBps)}`;
  const eaten =
    chargesShare === null ? '' : `, charges take ${percent(chargesShare)} of the profit`;
  const held =
    holdingMinutes === null ? '' : `, held ${Math.round(holdingMinutes.mean)} minutes on average`;
  return `${sure}; turnover ${rounded(turnover)}${eaten}, exposure ${percent(exposure)} of the capital${held}`;
}

function claimOf({ low, high }: Spread): string {
  if (high < 0) return 'it loses before charges';
  return low > 0 ? 'it gains before charges' : 'no gain or loss before charges is shown';
}

/** The strategy beside the index and random entries, in sentences. */
export function comparisonLines({ total, cash }: BacktestDocument): readonly string[] {
  const { index, random, netPnl, grossPnl } = total;
  const share = (amount: number): string => percent(amount / cash);
  const verdict = netPnl < 0 ? 'loses' : 'makes';
  return [
    `strategy ${verdict} ${formatRupees(paise(Math.abs(netPnl)))} after charges (${share(netPnl)} of ${formatRupees(cash)}), before charges ${formatRupees(grossPnl)}; deepest fall, trade by trade, ${formatRupees(total.drawdown)}`,
    certaintyLine(total),
    index === null
      ? 'index: the files hold none for these days'
      : `index ${index.name}, same capital, no charges: bought at the first open and sold at the last close ${formatRupees(index.held)}; at each day's open and close ${formatRupees(index.daily)}`,
    random === null
      ? 'random entries: left out'
      : `random entries, ${random.runs} runs: after charges mean ${rounded(random.netPnl.mean)}, 5–95 % ${lotCells(random)[1] ?? ''}; before charges mean ${rounded(random.grossPnl.mean)}; hits ${percent(random.hitRate)}; the strategy is above ${percent(random.below)} of them`,
  ];
}

export function remarks({
  fidelity,
  days,
  total,
  model,
  modelWhenAbsent,
  filesRemarks,
  agents,
  strategies,
}: BacktestDocument): readonly string[] {
  const partial = days.filter(({ whole }) => !whole).length;
  return [
    fidelity === 'exchange'
      ? 'fills: by our exchange, on a path inside each minute'
      : 'fills: from the candles alone, in an order that never favours a trade; one tick of slippage',
    ...(strategies.length === 0
      ? []
      : [`strategies: ${[...agents, ...strategies.map(strategyWords)].join(', ')}`]),
    'sentiment: the recorded days have no headlines, so it is neutral throughout',
    model === null
      ? `signal-quality model: none; configured without an answer: ${modelWhenAbsent}`
      : `signal-quality model: version ${model}, which was trained on none of these days`,
    ...(partial === 0 ? [] : [`*: ${partial} days on which a stock's session has holes`]),
    ...(total.staleBars === 0
      ? []
      : [`not traded on ${total.staleBars} bars: the feed was silent`]),
    ...filesRemarks,
    ...leftOutLines(days),
  ];
}

/** One line a day and reason. That others ranked higher is no reason to name. */
function leftOutLines(days: readonly DayReport[]): readonly string[] {
  const stocks = new Map<string, string[]>();
  for (const { date, leftOut } of days)
    for (const { tradingsymbol, rank, reason } of leftOut)
      if (rank === null) {
        const key = `not traded on ${date}, ${reason}`;
        stocks.set(key, [...(stocks.get(key) ?? []), tradingsymbol]);
      }
  return [...stocks].map(([line, names]) => `${line}: ${names.join(', ')}`);
}
