// A backtest as one HTML page, built from the pieces of the day's report.
import { equityChart } from '../../activities/reports/charts';
import { page, row, table } from '../../activities/reports/markup';
import { escapeMarkup } from '../../domain/markup';
import { istTime } from '../../domain/session/sessionClock';
import { formatRupees } from '../../domain/units';
import {
  comparisonLines,
  dayHead,
  dayRow,
  refusalRows,
  remarks,
  type BacktestDocument,
} from './backtestTable';

const plain = (cells: readonly string[]): string => row(cells.map(escapeMarkup));
const paragraphs = (lines: readonly string[]): string =>
  lines.map((line) => `<p>${escapeMarkup(line)}</p>`).join('\n');

export function backtestPage(document: BacktestDocument): string {
  const { days, total } = document;
  const trades = days.flatMap(({ tradeList }) => tradeList);
  const gains = trades.map(({ exitAt, netPnl }) => ({ at: exitAt, netPnl }));
  const title = `Backtest ${days[0]?.date ?? ''} to ${days.at(-1)?.date ?? ''}`;
  const agents = Object.entries(total.agents).map(([agent, share]) =>
    plain([agent, ...Object.values(share).map(String)]),
  );
  return page(
    title,
    `<h1>${title}</h1>
${paragraphs(comparisonLines(document))}
<h2>Profit after charges, trade by trade</h2>${equityChart(gains, trades[0]?.entryAt)}
<h2>Days</h2>${table(dayHead, days.map(dayRow).map(plain))}
<h2>Decisions by agent</h2>${table(['Agent', 'BUY votes', 'SELL votes', 'In LONG', 'In SHORT'], agents)}
<h2>Refusals</h2>${table(['Code', 'Times'], refusalRows(total).map(plain))}
<h2>Trades</h2>${table(
      ['Day', 'Stock', 'Side', 'Quantity', 'Entry', 'Exit', 'Closed by', 'After charges'],
      days.flatMap(({ date, tradeList }) =>
        tradeList.map((trade) =>
          plain([
            ...[date, trade.tradingsymbol, trade.direction, String(trade.quantity)],
            `${formatRupees(trade.entryPrice)} ${istTime(trade.entryAt).slice(0, 5)}`,
            `${formatRupees(trade.exitPrice)} ${istTime(trade.exitAt).slice(0, 5)}`,
            ...[trade.exitReason ?? '', formatRupees(trade.netPnl)],
          ]),
        ),
      ),
    )}
<h2>Remarks</h2>${paragraphs(remarks(document))}`,
  );
}
