// Pieces of a report page: one self-contained HTML file that fetches nothing.
import { escapeMarkup } from '../../domain/markup';
import { formatRupees, type Paise } from '../../domain/units';

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:960px;margin:2rem auto;padding:0 1rem;color:#0f172a}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{padding:.3rem .6rem;border-bottom:1px solid #e2e8f0;text-align:right}th:first-child,td:first-child,.text{text-align:left}
.gain{color:#15803d}.loss{color:#b91c1c}svg{max-width:100%;height:auto}.quiet{color:#64748b}`;

export const money = (amount: Paise): string =>
  `<span class="${amount < 0 ? 'loss' : 'gain'}">${formatRupees(amount)}</span>`;

/** @param cells markup. */
export const row = (cells: readonly string[]): string =>
  `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;

/** @param rows from `row`. */
export const table = (head: readonly string[], rows: readonly string[]): string =>
  `<table><thead><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;

/** @param title plain text. @param body markup. */
export const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeMarkup(title)}</title><style>${style}</style></head><body>
${body}
</body></html>
`;
