// The head of the audit chain in a report: outside the database, where whoever rewrites the chain does not reach it.
import type { AuditHead } from '../../domain/audit/verdict';
import { markup, noMarkup, type Markup } from '../../domain/markup';

/** Empty where nothing has been chained yet. */
export function auditSection(heads: readonly AuditHead[]): Markup {
  if (heads.length === 0) return noMarkup;
  const lines = heads.map(
    ({ account, position, hash }) =>
      markup`<p class="quiet" data-audit-account="${account}" data-audit-head="${hash}">${account === '' ? 'The installation' : `Account ${account}`}: link ${position}, ${hash}</p>`,
  );
  return markup`<h2>Records sealed up to</h2>
${lines}`;
}

const written = /data-audit-account="([A-Za-z0-9_-]*)" data-audit-head="([0-9a-f]{64})"/g;

/** The heads a report has. */
export const headsInReport = (
  page: string,
): readonly { readonly account: string; readonly hash: string }[] =>
  [...page.matchAll(written)].map(([, account = '', hash = '']) => ({ account, hash }));
