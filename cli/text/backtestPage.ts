// A backtest as one HTML page, built from the pieces of the day's report.
import { equityChart } from '../../activities/reports/charts';
import { page, row, table } from '../../activities/reports/markup';
import { markup, type Markup } from '../../domain/markup';
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

const paragraphs = (lines: readonly string[]): readonly Markup[] =>
  lines.map((line) => markup`<p>${line}</p>`);

export function backtestPage(document: BacktestDocument): string {
  const { days, total } = document;
  const trades = days.flatMap(({ tradeList }) => tradeList);
  const gains = trades.map(({ exitAt, netPnl }) => ({ at: exitAt, netPnl }));
  const title = `Backtest ${days[0]?.date ?? ''} to ${days.at(-1)?.date ?? ''}`;
  const agents = Object.entries(total.agents).map(([agent, share]) =>
    row([agent, ...Object.values(share).map(String)]),
  );
  return page(
    title,
    markup`<h1>${title}</h1>
${paragraphs(comparisonLines(document))}
<h2>Profit after charges, trade by trade</h2>${equityChart(gains, trades[0]?.entryAt)}
<h2>Days</h2>${table(
      dayHead,
      days.map(dayRow).map((cells) => row(cells)),
    )}
<h2>Decisions by agent</h2>${table(['Agent', 'BUY votes', 'SELL votes', 'In LONG', 'In SHORT'], agents)}
<h2>Refusals</h2>${table(
      ['Code', 'Times'],
      refusalRows(total).map((cells) => row(cells)),
    )}
<h2>Trades</h2>${table(
      ['Day', 'Stock', 'Side', 'Quantity', 'Entry', 'Exit', 'Closed by', 'After charges'],
      days.flatMap(({ date, tradeList }) =>
        tradeList.map((trade) =>
          row([
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
