// Goal: no text of a record, a broker or a stranger is ever HTML in a page of ours. Method: every string of what a
// page is made from is replaced by markup that names its place; the page may show it, but only as it is written.
import { reportPage } from '../../../activities/reports/page';
import type { DayFacts } from '../../../activities/reports';
import { escapeMarkup } from '../../../domain/markup';
import { paise } from '../../../domain/units';
import { statusPage } from '../../../serving/monitoring/statusPage';
import type { ServerStatus } from '../../../serving/monitoring/status';
import { reportFacts as facts } from '../../support/reportFacts';

const hostile = (path: string): string => `"'><script>alert("${path}")</script>&amp;`;

/** Its strings made hostile, but for those that decide how the rest is read. */
function poisoned<T>(value: T, path = ''): T {
  if (typeof value === 'string') return (path.endsWith('.kind') ? value : hostile(path)) as T;
  if (Array.isArray(value))
    return value.map((one: unknown, index) => poisoned(one, `${path}.${index}`)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, poisoned<unknown>(one, `${path}.${key}`)]),
  ) as T;
}

/** The places whose text stands in the page as it is written. */
function shownIn(page: string): readonly string[] {
  expect(page).not.toMatch(/<script/i);
  // What is left without the escaped texts has no piece of one.
  const pattern = escapeMarkup(hostile('PLACE'))
    .replaceAll(/[()$.]/g, '\\$&')
    .replace('PLACE', '([^&]+)');
  const texts = new RegExp(pattern, 'g');
  expect(page.replaceAll(texts, '')).not.toMatch(/alert\(|script/);
  return [...new Set([...page.matchAll(texts)].map(([, place = '']) => place))];
}

const compared = { ours: paise(1), brokers: paise(2) };

test('a day’s report shows every text as it is written', () => {
  const shown = shownIn(
    reportPage(poisoned(facts)).replaceAll(/&lt;script&gt;(decided|fault)&lt;\/script&gt;/g, ''),
  );
  expect(shown).toEqual(
    expect.arrayContaining([
      ...['.account', '.date', '.alerts.0.type', '.audit.0.account', '.audit.0.hash'],
      ...['.trades.0.intent.instrument.tradingsymbol', '.trades.0.intent.direction'],
      ...['.trades.0.intent.reason', '.trades.0.intent.intentId', '.trades.0.view.exitReason'],
      ...['.carried.0.view.direction', '.carried.0.intent.date'],
      ...['.endOfDay.charges.why', '.endOfDay.cash.why'],
      ...['.news.failures.0.source', '.news.failures.0.why', '.news.withoutNews.0'],
      ...['.news.stocks.0.tradingsymbol', '.news.stocks.0.evidence.0.words'],
      ...['.feed.withHoles.0', '.feed.differences.0.tradingsymbol', '.feed.differences.0.fields.0'],
    ]),
  );
});

test('so does its section on money, where the broker was read', () => {
  const endOfDay: DayFacts['endOfDay'] = {
    findings: 0,
    charges: {
      ...{ kind: 'compared', orders: 1, agrees: false, ...compared },
      differing: [{ orderId: '1', side: 'BUY', tradingsymbol: 'INFY', ...compared }],
    },
    cash: {
      ...{ kind: 'compared', moved: compared, free: compared, paidIn: paise(1) },
      ...{ settling: paise(0), obstacles: ['a holding'], agrees: false },
    },
  };
  const page = reportPage(
    poisoned({ ...facts, endOfDay, decisions: {}, feed: { ...facts.feed, tickFaults: {} } }),
  );
  expect(shownIn(page)).toEqual(
    expect.arrayContaining([
      ...['.endOfDay.charges.differing.0.orderId', '.endOfDay.charges.differing.0.side'],
      ...['.endOfDay.charges.differing.0.tradingsymbol', '.endOfDay.cash.obstacles.0'],
    ]),
  );
});

test('so does the status page of the model server', () => {
  const version = {
    ...{ version: '1', state: 'FAILED', reason: 'no graph', scorerPids: [], queuedRows: 0 },
    ...{ answered: 1, failed: 1, invalidOutputs: 0, crashes: 0, cacheHits: 0, rowsPerBatch: null },
    ...{
      p50Ms: null,
      p99Ms: null,
      inputDrift: null,
      outputDrift: null,
      loadMs: 1,
      residentBytes: 1,
    },
  };
  const status = {
    refused: [{ model: 'trend', version: '3', why: 'no manifest' }],
    models: [
      {
        ...{ name: 'trend', stable: '1', previous: null, versions: [version] },
        rollout: { candidate: '2', phase: { kind: 'rolledBack', reason: 'slow' }, share: 0 },
      },
    ],
  } as unknown as ServerStatus;
  expect(shownIn(statusPage(poisoned(status))).toSorted()).toEqual([
    '.models.0.name',
    '.models.0.rollout.candidate',
    '.models.0.rollout.phase.reason',
    '.models.0.stable',
    '.models.0.versions.0.reason',
    '.models.0.versions.0.state',
    '.models.0.versions.0.version',
    '.refused.0.model',
    '.refused.0.version',
    '.refused.0.why',
  ]);
});

test.each([
  ['report', reportPage(facts)],
  ['status page', statusPage({ models: [], refused: [], scorerNetwork: 'none' })],
])('the %s runs and fetches nothing', (_, page) => {
  expect(page).toContain(
    `content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'"`,
  );
  expect(page).not.toMatch(/<script|<img|<link|<iframe|\son[a-z]+=|src=|href="(?!#)/i);
});
