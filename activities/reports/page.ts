// The report as one HTML file: nothing is fetched when it is opened.
import { escapeMarkup } from '../../domain/markup';
import { istTime } from '../../domain/session/sessionClock';
import { formatRupees, type Paise } from '../../domain/units';
import { equityChart, tradeChart } from './charts';
import type { DayFacts, TradeFacts } from './dayFacts';

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:960px;margin:2rem auto;padding:0 1rem;color:#0f172a}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{padding:.3rem .6rem;border-bottom:1px solid #e2e8f0;text-align:right}th:first-child,td:first-child,.text{text-align:left}
.gain{color:#15803d}.loss{color:#b91c1c}svg{max-width:100%;height:auto}.quiet{color:#64748b}`;

const money = (amount: Paise): string =>
  `<span class="${amount < 0 ? 'loss' : 'gain'}">${formatRupees(amount)}</span>`;
const row = (cells: readonly string[]): string =>
  `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
const table = (head: readonly string[], rows: readonly string[]): string =>
  `<table><thead><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;

function tradeRow({ intent, view, grossPnl, charges, netPnl, fills }: TradeFacts): string {
  const at = (index: number): string => {
    const fill = fills.at(index);
    return fill === undefined ? '' : istTime(fill.at).slice(0, 5);
  };
  return row([
    escapeMarkup(intent.instrument.tradingsymbol),
    intent.direction,
    String(view.quantity),
    `${formatRupees(view.entryPrice)} <span class="quiet">${at(0)}</span>`,
    `${formatRupees(view.exitPrice)} <span class="quiet">${at(-1)}</span>`,
    view.exitReason ?? '',
    money(grossPnl),
    formatRupees(charges),
    money(netPnl),
  ]);
}

const tradeSection = (trade: TradeFacts): string =>
  `<h2>${trade.intent.direction} ${trade.view.quantity} ${escapeMarkup(trade.intent.instrument.tradingsymbol)} · ${money(trade.netPnl)}</h2>
<p>${escapeMarkup(trade.intent.reason)}</p>
<p class="quiet">Closed by ${trade.view.exitReason ?? 'fill'}; ${trade.levels.length} stop and target levels; intent ${trade.intent.intentId}.</p>
${tradeChart(trade)}`;

/** The page of a day. */
export function reportPage(facts: DayFacts): string {
  const summary = table(
    [
      'Opening cash',
      'Profit before charges',
      'Charges',
      'Profit after charges',
      'Closing cash',
      'Ledger sum',
    ],
    [
      row([
        formatRupees(facts.openingCash),
        money(facts.grossPnl),
        formatRupees(facts.charges),
        money(facts.netPnl),
        formatRupees(facts.closingCash),
        formatRupees(facts.ledgerSum),
      ]),
    ],
  );
  const decisions = table(
    ['Decision', 'Times'],
    Object.entries(facts.decisions).map(([action, count]) => row([action, String(count)])),
  );
  const alerts = new Map<string, number>();
  for (const { type } of facts.alerts) alerts.set(type, (alerts.get(type) ?? 0) + 1);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ratchet ${facts.account} ${facts.date}</title><style>${style}</style></head><body>
<h1>Trading day ${facts.date} · ${escapeMarkup(facts.account)}</h1>
${summary}
<h2>Equity, profit after charges</h2>${equityChart(facts)}
<h2>Trades</h2>${table(['Stock', 'Side', 'Quantity', 'Entry', 'Exit', 'Closed by', 'Before charges', 'Charges', 'After charges'], facts.trades.map(tradeRow))}
${facts.trades.map(tradeSection).join('\n')}
<h2>Decisions</h2>${decisions}
<h2>Alerts</h2>${table(
    ['Alert', 'Times'],
    [...alerts].map(([type, count]) => row([type, String(count)])),
  )}
</body></html>
`;
}
