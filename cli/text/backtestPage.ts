// A backtest as one HTML page, built from the pieces of the day's report.
import { page, row, sentence, table } from '../../activities/reports/markup';
import { attributions, inOrderOfExit, type ReportedTrade, type Share } from '../../backtest';
import { markup, type Markup } from '../../domain/markup';
import { istTime } from '../../domain/session/sessionClock';
import { formatRupees } from '../../domain/units';
import { fallChart, runningChart } from './backtestCharts';
import {
  comparisonLines,
  dayHead,
  dayRow,
  percent,
  refusalRows,
  remarks,
  type BacktestDocument,
} from './backtestTable';

const paragraphs = (lines: readonly string[]): readonly Markup[] =>
  lines.map((line) => markup`<p>${sentence(line)}</p>`);

const shareHead = ['', 'Trades', 'Hits', 'Before charges', 'In bp', 'Charges', 'After charges'];

const shareRow = (share: Share): Markup =>
  row([
    ...[share.name, String(share.trades), percent(share.hitRate)],
    ...[formatRupees(share.grossPnl), share.grossBps.toFixed(1).replace('-', '−')],
    ...[formatRupees(share.charges), formatRupees(share.netPnl)],
  ]);

const tradeHead = [
  'Day',
  'Stock',
  'Side',
  'Quantity',
  'Entry',
  'Stop, target then',
  'Exit',
  'Closed by',
  'Against, for, a share',
  'Score',
  'Regime',
  'Votes',
  'After charges',
];

const tradeRow = (date: string, trade: ReportedTrade): Markup =>
  row([
    ...[date, trade.tradingsymbol, trade.direction, String(trade.quantity)],
    `${formatRupees(trade.entryPrice)} ${istTime(trade.entryAt).slice(0, 5)}`,
    `${formatRupees(trade.stop)}, ${formatRupees(trade.target)}`,
    `${formatRupees(trade.exitPrice)} ${istTime(trade.exitAt).slice(0, 5)}`,
    trade.exitReason ?? '',
    `${formatRupees(trade.adverse)}, ${formatRupees(trade.favourable)}`,
    trade.score.toFixed(2).replace('-', '−'),
    trade.regime,
    trade.votes.map(({ agent, action }) => `${agent} ${action}`).join(', '),
    formatRupees(trade.netPnl),
  ]);

export function backtestPage(document: BacktestDocument): string {
  const { days, total } = document;
  const trades = days.flatMap(({ tradeList }) => tradeList);
  const title = `Backtest ${days[0]?.date ?? ''} to ${days.at(-1)?.date ?? ''}`;
  const agents = Object.entries(total.agents).map(([agent, share]) =>
    row([agent, ...Object.values(share).map(String)]),
  );
  return page(
    title,
    markup`<h1>${title}</h1>
${paragraphs(comparisonLines(document))}
<h2>Running profit, day by day</h2>${runningChart(total.running)}
<h2>Below the best so far, trade by trade</h2>${fallChart(inOrderOfExit(trades).map(({ netPnl }) => netPnl))}
<h2>Days</h2>${table(
      dayHead,
      days.map(dayRow).map((cells) => row(cells)),
    )}
${attributions.map(
  (attribution) =>
    markup`<h2>By ${attribution}</h2>${table(shareHead, total.attribution[attribution].map(shareRow))}`,
)}
<h2>Decisions by agent</h2>${table(['Agent', 'BUY votes', 'SELL votes', 'In LONG', 'In SHORT'], agents)}
<h2>Refusals</h2>${table(
      ['Code', 'Times'],
      refusalRows(total).map((cells) => row(cells)),
    )}
<h2>Trades</h2>${table(
      tradeHead,
      days.flatMap(({ date, tradeList }) => tradeList.map((trade) => tradeRow(date, trade))),
    )}
<h2>Remarks</h2>${paragraphs(remarks(document))}`,
  );
}
