// The report's section on news: sentiment against price for every stock that was in the news, what weighed
// most, and in words what could not be read and when sentiment was too old to count.
import { markup, noMarkup, type Markup } from '../../domain/markup';
import { istTime } from '../../domain/session/sessionClock';
import { rupeesFromPaise, type EpochMs } from '../../domain/units';
import { colours, grid, svg, timeAxis } from './charts';
import { quiet, row, table } from './markup';
import type { NewsFacts, StockNews } from './newsFacts';

const clock = (at: EpochMs): string => istTime(at).slice(0, 5);

/** A gap in the line is a time without news, or one whose news could not be scored. */
function sentimentChart({ views, prices }: StockNews): Markup {
  const line = (name: string, data: readonly (number | null)[][], more: object): object => ({
    name,
    type: 'line',
    data,
    showSymbol: false,
    ...more,
  });
  const { price, equity: score, mark: confidence } = colours;
  return svg(
    {
      grid: { ...grid, right: 50 },
      legend: { top: 0 },
      xAxis: timeAxis,
      yAxis: [
        { type: 'value', scale: true, name: '₹' },
        { type: 'value', min: -1, max: 1, interval: 0.5, splitLine: { show: false } },
      ],
      series: [
        line(
          'price',
          prices.map(({ at, close }) => [at, rupeesFromPaise(close)]),
          { lineStyle: { color: price, width: 1.5 }, itemStyle: { color: price } },
        ),
        line(
          'sentiment',
          views.map((view) => [view.asOf, view.confidence === 0 ? null : view.score]),
          {
            yAxisIndex: 1,
            step: 'end',
            areaStyle: { opacity: 0.12 },
            lineStyle: { color: score, width: 2 },
            itemStyle: { color: score },
          },
        ),
        line(
          'confidence',
          views.map((view) => [view.asOf, view.confidence]),
          {
            yAxisIndex: 1,
            step: 'end',
            lineStyle: { color: confidence, width: 1, type: 'dotted' },
            itemStyle: { color: confidence },
          },
        ),
      ],
    },
    900,
    240,
  );
}

const stockSection = (stock: StockNews): Markup =>
  markup`<h3>${stock.tradingsymbol}</h3>
${sentimentChart(stock)}
<ul>${stock.evidence.map(({ at, words }) => markup`<li>${quiet(clock(at))} ${words}</li>`)}</ul>`;

function troubles({ passes, failures, stale }: NewsFacts): Markup {
  const spans = stale.map(({ from, until }) => `${clock(from)}–${clock(until)}`).join(', ');
  const age =
    spans === ''
      ? noMarkup
      : markup`<p class="loss">Stale: no news had been read for too long at ${spans}; sentiment counted as neutral there.</p>`;
  if (failures.length === 0)
    return markup`<p>${passes} passes over the news, all sources read.</p>${age}`;
  return markup`<p>${passes} passes over the news.</p>${age}
${table(
  ['Could not be read', 'Passes', 'First', 'Last', 'Why'],
  failures.map(({ source, times, first, last, why }) =>
    row([source, `${times} of ${passes}`, clock(first), clock(last), why]),
  ),
)}`;
}

export function newsSection(news: NewsFacts): Markup {
  const others =
    news.withoutNews.length === 0
      ? noMarkup
      : markup`<p class="quiet">Not in the news: ${news.withoutNews.join(', ')}.</p>`;
  return markup`<h2>News sentiment against price</h2>
${troubles(news)}
${news.stocks.map(stockSection)}
${others}`;
}
