// Scores forty stocks with 48 hours of headlines in one pass by the real model server, batched as the day
// does it and one by one. It also measures what the trading loop's own model answers meanwhile, and the
// models alone on one thread. JSON lines. Usage: sentiment [--per-stock N]
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { InferenceSession, Tensor } from '../infra/onnxruntime';
import { createModelClient, scoreInBatches, type ModelClient } from '../activities/models';
import {
  aggregateSentiment,
  headlineLength,
  headlineTokens,
  linkHeadline,
  type ScoredHeadline,
} from '../domain/sentiment';
import { epochMs } from '../domain/units';
import { startModelServer } from '../serving/index';

const names =
  'Reliance Industries|Tata Motors|Tata Steel|HDFC Bank|ICICI Bank|Infosys|Wipro|Tech Mahindra|HCL Tech|Axis Bank|Kotak Mahindra Bank|IndusInd Bank|Bajaj Finance|Bajaj Finserv|Bajaj Auto|Maruti Suzuki|Eicher Motors|Hero MotoCorp|Asian Paints|Bharti Airtel|Britannia|Cipla|Coal India|Dr Reddys|Grasim|Hindalco|Hindustan Unilever|ITC|JSW Steel|Larsen & Toubro|Nestle India|NTPC|ONGC|Power Grid|SBI Life|State Bank of India|Sun Pharma|TCS|Titan|UltraTech Cement'.split(
    '|',
  );
const words = [
  '{} shares surge {n}% after strong quarterly profit beats estimates, margins expand',
  '{} falls {n}% on heavy volumes after brokerage downgrade to sell on weak demand outlook',
  '{} board to meet on Friday to consider fund raising of Rs {n} crore via bonds',
  'Buy {}, target price Rs {n}: technical analyst',
  '{} wins order worth Rs {n} crore from state utility; execution over three years',
  'Regulator seeks clarification from {} on Rs {n} crore related-party transaction',
];
const hourMs = 3_600_000;
const windowHours = 48;
const now = epochMs(Date.parse('2026-11-20T11:00:00+05:30'));
const models = join(__dirname, '../serving/models');
const soloCalls = 1_000;

interface Item {
  readonly stock: string;
  readonly title: string;
  readonly tokens: number[];
  readonly publishedAt: ReturnType<typeof epochMs>;
}

const say = (line: Record<string, string | number>): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
const rounded = (value: number): number => Math.round(value * 100) / 100;

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN);
}

/** Titles linked and tokenised as the news activity does it. */
function itemsOf(perStock: number): Item[] {
  const titles = names.flatMap((name, stock) =>
    Array.from({ length: perStock }, (_, index) => ({
      title: (words[(stock + index) % words.length] ?? '')
        .replace('{}', name)
        .replace('{n}', String(11 + stock * perStock + index)),
      publishedAt: epochMs(now - ((index + 0.5) / perStock) * windowHours * hourMs),
    })),
  );
  return titles.flatMap(({ title, publishedAt }) =>
    linkHeadline(title).links.map(({ tradingsymbol: stock, mention }) => ({
      stock,
      title,
      publishedAt,
      tokens: headlineTokens(title, mention),
    })),
  );
}

/** Scores to one view per stock; answers how many stocks have an opinion. */
function aggregate(items: readonly Item[], rows: readonly (readonly number[])[]): number {
  const byStock = new Map<string, ScoredHeadline[]>();
  items.forEach(({ stock, title: headline, publishedAt }, index) => {
    const [negative = 0, neutral = 1, positive = 0] = rows[index] ?? [];
    const scored = { headline, source: 'bench', publishedAt, negative, neutral, positive };
    byStock.set(stock, [...(byStock.get(stock) ?? []), scored]);
  });
  const views = [...byStock.values()].map((scored) => aggregateSentiment(scored, now));
  return views.filter(({ confidence }) => confidence > 0).length;
}

/** Asks for the trading loop's scores again and again until `work` is done. */
async function beside(client: ModelClient, work: Promise<unknown>): Promise<number[]> {
  const features = Array.from({ length: names.length * 2 }, () => new Array<number>(24).fill(0));
  const times: number[] = [];
  const state = { over: false };
  void work.finally(() => (state.over = true));
  while (!state.over) {
    const began = performance.now();
    await client.score('signal-quality', features);
    times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return times;
}

async function pass(
  client: ModelClient,
  perStock: number,
  how: 'batched' | 'one by one',
): Promise<void> {
  const began = performance.now();
  const items = itemsOf(perStock);
  const tokens = items.map((item) => item.tokens);
  const linkedMs = performance.now() - began;
  const singles: number[] = [];
  const work =
    how === 'batched'
      ? scoreInBatches(client, 'sentiment', tokens).then(({ rows }) => rows)
      : oneByOne(client, tokens, singles);
  const others = await beside(client, work);
  const stocks = aggregate(items, await work);
  const totalMs = performance.now() - began;
  say({
    what: 'pass',
    how,
    stocks,
    hours: windowHours,
    pairs: items.length,
    linkMs: rounded(linkedMs),
    totalMs: rounded(totalMs),
    msPerPair: rounded(totalMs / items.length),
    ...(singles.length === 0
      ? {}
      : { requestP50Ms: quantile(singles, 0.5), requestP99Ms: quantile(singles, 0.99) }),
    signalQualityP50Ms: quantile(others, 0.5),
    signalQualityP99Ms: quantile(others, 0.99),
  });
}

async function oneByOne(
  client: ModelClient,
  tokens: readonly (readonly number[])[],
  times: number[],
): Promise<(readonly number[])[]> {
  const rows: (readonly number[])[] = [];
  for (const row of tokens) {
    const began = performance.now();
    rows.push(...(await client.score('sentiment', [row])).rows);
    times.push(performance.now() - began);
  }
  return rows;
}

/** One thread, no server: what a headline costs the model alone. */
async function alone(version: string, items: readonly Item[]): Promise<void> {
  const path = join(models, 'sentiment', version, 'model.onnx');
  const session = await InferenceSession.create(path, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const times: number[] = [];
  for (let call = 0; call < soloCalls; call += 1) {
    const tokens = items[call % items.length]?.tokens ?? [];
    const began = performance.now();
    await session.run({ tokens: new Tensor('float32', tokens, [1, headlineLength]) });
    times.push(performance.now() - began);
  }
  const warm = times.slice(50);
  say({
    what: 'one headline, one thread',
    version,
    calls: warm.length,
    p50Ms: quantile(warm, 0.5),
    p99Ms: quantile(warm, 0.99),
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'per-stock': { type: 'string', default: '24' } } });
  const perStock = Number(values['per-stock']);
  const items = itemsOf(perStock);
  await alone('1', items);
  await alone('3', items);
  // Without the result cache: every headline is scored, as on the first pass of a day.
  const server = await startModelServer({ models, limits: { cacheEntries: 0 } });
  try {
    const client = createModelClient(server.url, { deadlineMs: 30_000 });
    await scoreInBatches(
      client,
      'sentiment',
      items.slice(0, 64).map(({ tokens }) => tokens),
    );
    await pass(client, perStock, 'batched');
    await pass(client, perStock, 'one by one');
  } finally {
    await server.close();
  }
}

void main();
