// The report's section on the feed: how whole the candles were that the day was judged on.
import { comparisonTolerances } from '../../domain/market/candleComparison';
import type { Candle } from '../../domain/market/candle';
import { markup, noMarkup, type Markup } from '../../domain/markup';
import { istTime } from '../../domain/session/sessionClock';
import { rupeesFromPaise } from '../../domain/units';
import type { FeedFacts } from './feedFacts';
import { row, table } from './markup';

/** More differences are only counted. */
const shownMax = 20;

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

const tolerances = (): string => {
  const { price, extreme, volume, volumeMin } = comparisonTolerances;
  return `open and close ${percent(price)}, high and low ${percent(extreme)}, volume ${percent(volume)} or ${volumeMin} shares`;
};

const candleText = (candle: Candle | null): string => {
  if (candle === null) return 'none';
  const { open, high, low, close, volume } = candle;
  return `${[open, high, low, close].map(rupeesFromPaise).join(' ')} · ${volume}`;
};

function comparisonLine({ comparedStocks, comparedMinutes, differences }: FeedFacts): Markup {
  if (comparedStocks === 0) return markup`<p>No candle was compared with the broker’s.</p>`;
  return markup`<p>${comparedMinutes} minutes of ${comparedStocks} stocks compared with the broker’s candles: ${differences.length} differ by more than ${tolerances()}.</p>`;
}

export function feedSection(facts: FeedFacts): Markup {
  const { differences, tickFaults, withHoles } = facts;
  const rows = differences
    .slice(0, shownMax)
    .map(({ tradingsymbol, at, fields, ours, broker }) =>
      row([
        `${tradingsymbol} ${istTime(at).slice(0, 5)}`,
        fields.join(', '),
        candleText(ours),
        candleText(broker),
      ]),
    );
  const faults = Object.entries(tickFaults).map(([fault, ticks]) => `${ticks} ${fault}`);
  return markup`<h2>Feed</h2>
${comparisonLine(facts)}
${rows.length === 0 ? noMarkup : table(['Minute', 'Differs', 'From ticks', 'The broker’s'], rows)}
${faults.length === 0 ? noMarkup : markup`<p class="quiet">Ticks that did not count: ${faults.join(', ')}.</p>`}
${withHoles.length === 0 ? noMarkup : markup`<p class="loss">Minutes are missing of ${withHoles.join(', ')}.</p>`}`;
}
