// Pieces of a report page: one self-contained HTML file that fetches nothing.
import { Markup, markup, pageStart } from '../../domain/markup';
import { formatRupees, type Paise } from '../../domain/units';

const style =
  Markup.trusted(`<style>body{font:15px/1.5 system-ui,sans-serif;max-width:960px;margin:2rem auto;padding:0 1rem;color:#0f172a}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{padding:.3rem .6rem;border-bottom:1px solid #e2e8f0;text-align:right}th:first-child,td:first-child,.text{text-align:left}
.wide{overflow-x:auto}.amount{white-space:nowrap;font-variant-numeric:tabular-nums}.gain{color:#15803d}.loss{color:#b91c1c}svg{max-width:100%;height:auto}.quiet{color:#64748b}</style>`);

export const money = (amount: Paise): Markup =>
  markup`<span class="amount ${amount < 0 ? 'loss' : 'gain'}">${formatRupees(amount)}</span>`;

/** A text whose amounts are never torn: a browser may break a line between a minus and its rupees. */
export const sentence = (text: string): Markup =>
  markup`${text
    .split(/(−?₹[\d,]+(?:\.\d+)?|−[\d,.]+)/)
    .map((part, index) =>
      index % 2 === 1 ? markup`<span class="amount">${part}</span>` : markup`${part}`,
    )}`;

export const quiet = (text: string): Markup => markup`<span class="quiet">${text}</span>`;

/** A cell so short is a figure, a date or a name, and stays on one line. */
const oneLineMax = 24;

const cellOf = (cell: string | Markup): Markup => {
  if (typeof cell !== 'string') return markup`<td>${cell}</td>`;
  return cell.length <= oneLineMax
    ? markup`<td class="amount">${cell}</td>`
    : markup`<td>${sentence(cell)}</td>`;
};

export const row = (cells: readonly (string | Markup)[]): Markup =>
  markup`<tr>${cells.map(cellOf)}</tr>`;

/** @param rows from `row`. */
export const table = (head: readonly string[], rows: readonly Markup[]): Markup =>
  markup`<div class="wide"><table><thead><tr>${head.map((cell) => markup`<th>${cell}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;

/** The page as text. */
export const page = (title: string, body: Markup): string =>
  markup`${pageStart(title, style)}<body>
${body}
</body></html>
`.text;
