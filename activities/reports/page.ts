// The report as one HTML file that fetches nothing.
import { measuredWorth } from '../../domain/decision';
import { headline } from '../../domain/live/mode';
import { markup, noMarkup, type Markup } from '../../domain/markup';
import { istText } from '../../domain/session/sessionClock';
import type { StrategyInUse } from '../../domain/strategy';
import { formatRupees, type Paise } from '../../domain/units';
import { auditSection } from './auditSection';
import { booksSection } from './booksSection';
import { dayEquityChart, tradeChart } from './charts';
import type { DayFacts, PositionFacts, TradeFacts } from './dayFacts';
import { feedSection } from './feedSection';
import { newsSection } from './newsSection';
import { money, page, quiet, row, table } from './markup';

function tradeRow(
  { intent, view, grossPnl, charges, netPnl, fills }: TradeFacts,
  date: string,
): Markup {
  /** The time of a fill; with the date where it was in an earlier session. */
  const at = (index: number): string => {
    const fill = fills.at(index);
    if (fill === undefined) return '';
    const text = istText(fill.at).slice(0, -3);
    return text.startsWith(date) ? text.slice(date.length + 1) : text;
  };
  return row([
    intent.instrument.tradingsymbol,
    intent.direction,
    String(view.quantity),
    markup`${formatRupees(view.entryPrice)} ${quiet(at(0))}`,
    markup`${formatRupees(view.exitPrice)} ${quiet(at(-1))}`,
    view.exitReason ?? '',
    money(grossPnl),
    formatRupees(charges),
    money(netPnl),
  ]);
}

const tradeSection = (trade: TradeFacts): Markup =>
  markup`<h2>${trade.intent.direction} ${trade.view.quantity} ${trade.intent.instrument.tradingsymbol} · ${money(trade.netPnl)}</h2>
<p>${trade.intent.reason}</p>
<p class="quiet">Closed by ${trade.view.exitReason ?? 'fill'}; ${trade.levels.length} stop and target levels; intent ${trade.intent.intentId}.</p>
${tradeChart(trade)}`;

const amount = (value: Paise | null): string => (value === null ? '–' : formatRupees(value));

const carriedRow = ({ intent, view }: PositionFacts): Markup =>
  row([
    intent.instrument.tradingsymbol,
    view.direction,
    String(view.quantity),
    markup`${formatRupees(view.entryPrice)} ${quiet(intent.date)}`,
    amount(view.ltp),
    amount(view.confirmedStop),
    amount(view.target),
    money(view.pnl),
  ]);

/** Empty where nothing is held. */
const carriedSection = ({ carried }: DayFacts): Markup =>
  carried.length === 0
    ? noMarkup
    : markup`<h2>Held over the night</h2>${table(['Stock', 'Side', 'Quantity', 'Entry', 'Last price', 'Stop', 'Target', 'Before charges'], carried.map(carriedRow))}`;

const valueWords = (values: StrategyInUse['values']): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');

/** Empty where only the shipped agents voted. */
const strategySection = ({ strategies }: DayFacts): Markup =>
  strategies.length === 0
    ? noMarkup
    : markup`<h2>Your strategies</h2>${table(
        ['Strategy', 'Code', 'Values'],
        strategies.map(({ name, hash, values }) => row([name, hash, valueWords(values)])),
      )}`;

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
  return page(
    `Ratchet ${facts.account} ${facts.date}`,
    markup`<h1>Trading day ${facts.date} · ${headline(facts.mode, facts.account)}</h1>
${summary}
<p class="quiet">${measuredWorth}</p>
<h2>Equity, profit after charges</h2>${dayEquityChart(facts)}
<h2>Trades</h2>${table(
      [
        'Stock',
        'Side',
        'Quantity',
        'Entry',
        'Exit',
        'Closed by',
        'Before charges',
        'Charges',
        'After charges',
      ],
      facts.trades.map((trade) => tradeRow(trade, facts.date)),
    )}
${carriedSection(facts)}
${facts.trades.map(tradeSection)}
${booksSection(facts)}
${newsSection(facts.news)}
${feedSection(facts.feed)}
<h2>Decisions</h2>${decisions}
${strategySection(facts)}
<h2>Alerts</h2>${table(
      ['Alert', 'Times'],
      [...alerts].map(([type, count]) => row([type, String(count)])),
    )}
${auditSection(facts.audit)}`,
  );
}
