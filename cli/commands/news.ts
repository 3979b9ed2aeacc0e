// `ratchet news check SOURCE`: reads one source of news as the day would, and says what came of every item: its
// time, the stocks it is linked to with the words that linked them, and what was left out and why. For people who
// want to add a source.
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { NewsReader, type NewsSource, type ReadItem } from '../../activities/news';
import { Refused } from '../../domain/errors';
import {
  linkHeadline,
  nameTable,
  type AggregateConfig,
  type ListedName,
  type NameTable,
} from '../../domain/sentiment';
import { istText } from '../../domain/session/sessionClock';
import { epochMs, type EpochMs } from '../../domain/units';
import { loadConfig } from '../../infra/config/config';
import { readSecret } from '../../infra/secrets';
import { print } from '../text/output';

const kinds = ['feed', 'announcements', 'posts', 'file'] as const;

interface CheckFlags {
  readonly kind?: (typeof kinds)[number];
  readonly instruments?: string;
  readonly config?: string;
  readonly json?: true;
}

/** One item of the source. docs/news.md describes it. */
interface CheckedItem {
  /** ISO 8601, UTC; null where the item could not be dated. */
  readonly at: string | null;
  readonly title: string;
  readonly stocks: readonly { readonly symbol: string; readonly words: string }[];
  /** Names that could have been stocks. */
  readonly notLinked: readonly { readonly words: string; readonly reason: string }[];
  /** Why the day would not have the item at all. */
  readonly leftOut?: string;
  /** What of it could not be decoded. */
  readonly flaw?: string;
  /** Why it does not count at this moment. */
  readonly notNow?: string;
}

interface CheckedSource {
  readonly source: string;
  readonly kind: NewsSource['kind'];
  readonly items: readonly CheckedItem[];
  /** Items further down in the document, which the day does not look at. */
  readonly itemsBeyond: number;
  readonly failures: readonly { readonly source: string; readonly why: string }[];
}

const refuse = (message: string): never => {
  throw new Refused({ code: 'NEWS_INPUT', message });
};

const isUrl = (source: string): boolean => /^https?:\/\//i.test(source);

function sourceOf(source: string, kind: CheckFlags['kind']): NewsSource {
  if (isUrl(source)) {
    if (kind === 'file') refuse(`--kind file must go with a path, SOURCE was "${source}"`);
    return { name: source, kind: kind ?? 'feed', url: source };
  }
  const form = kind === 'announcements' || kind === 'posts' ? { form: kind } : {};
  return { name: source, kind: 'file', url: source, ...form };
}

const instrumentRows = z.array(
  z
    .object({
      tradingsymbol: z.string().min(1),
      name: z.string(),
      segment: z.string().default('NSE'),
      instrument_type: z.string().default('EQ'),
    })
    .loose(),
);

/** @throws Refused where the file is no list of instruments. */
function listOf(file: string): readonly ListedName[] {
  const rows = instrumentRows.safeParse(recordsOf(file));
  if (!rows.success)
    return refuse(`${file} must have the columns tradingsymbol and name in every row`);
  return rows.data.filter(
    ({ segment, instrument_type: type }) => segment === 'NSE' && type === 'EQ',
  );
}

function recordsOf(file: string): unknown {
  try {
    return parse(readFileSync(file), { columns: true, bom: true, trim: true });
  } catch (error) {
    const why = error instanceof CsvError ? error.message : 'cannot be read';
    return refuse(`${file} is not a CSV file with the columns tradingsymbol and name: ${why}`);
  }
}

/** Why an item of that time does not count now. */
function notNow(
  at: EpochMs,
  now: number,
  { windowHours, clockSkewMinutes }: AggregateConfig,
): string | undefined {
  if (at < now - windowHours * 3_600_000) return `older than the ${windowHours} hours that count`;
  return at > now + clockSkewMinutes * 60_000 ? 'dated ahead of now' : undefined;
}

function checkedItem(item: ReadItem, table: NameTable, aggregate: AggregateConfig): CheckedItem {
  if (item.kind === 'left-out')
    return { at: null, title: item.title, stocks: [], notLinked: [], leftOut: item.why };
  const { at, title } = item.headline;
  const { links, leftOut } = linkHeadline(title, table);
  const reason = notNow(at, Date.now(), aggregate);
  return {
    at: new Date(at).toISOString(),
    title,
    stocks: links.map(({ tradingsymbol, mention: { start, end } }) => ({
      symbol: tradingsymbol,
      words: title.slice(start, end),
    })),
    notLinked: leftOut.map(({ name, reason: why }) => ({ words: name, reason: why })),
    ...(item.flaw !== undefined && { flaw: item.flaw }),
    ...(reason !== undefined && { notNow: reason }),
  };
}

async function check(
  source: NewsSource,
  table: NameTable,
  flags: CheckFlags,
): Promise<CheckedSource> {
  const config = loadConfig(flags.config);
  const postsToken = readSecret('RATCHET_X_BEARER_TOKEN');
  if (source.kind === 'posts' && postsToken === undefined)
    refuse('--kind posts needs the token of the X API in RATCHET_X_BEARER_TOKEN, which is not set');
  const reader = new NewsReader({
    sources: [source],
    loopback: config.mode === 'paper',
    postsToken,
    everyMinMs: 0,
  });
  const { failures } = await reader.read();
  const { items, beyond } = reader.readingOf(source.name);
  return {
    source: source.name,
    kind: source.kind === 'file' ? (source.form ?? 'file') : source.kind,
    items: items.map((item) => checkedItem(item, table, config.sentiment)),
    itemsBeyond: beyond,
    failures: failures.map(({ source: name, why }) => ({ source: name, why })),
  };
}

const timeOf = ({ at }: CheckedItem): string =>
  at === null ? 'no time' : istText(epochMs(Date.parse(at)));

function linesOf(item: CheckedItem): string[] {
  const stocks = item.stocks.map(({ symbol, words }) => `${symbol} ("${words}")`);
  const notes = [
    ...(item.leftOut === undefined ? [] : [`left out: ${item.leftOut}`]),
    ...(item.flaw === undefined ? [] : [item.flaw]),
    ...(item.notNow === undefined ? [] : [`does not count now: ${item.notNow}`]),
    ...(stocks.length === 0 ? [] : [`linked: ${stocks.join(', ')}`]),
    ...item.notLinked.map(({ words, reason }) => `not linked: "${words}" ${reason}`),
  ];
  return [`${timeOf(item)} · ${item.title}`, ...notes.map((note) => `    ${note}`)];
}

function textOf({ source, kind, items, itemsBeyond, failures }: CheckedSource): string[] {
  const read = items.filter(({ leftOut }) => leftOut === undefined);
  const linked = read.filter(({ stocks }) => stocks.length > 0);
  return [
    ...items.flatMap(linesOf),
    `${source} (${kind}): ${items.length} items, ${read.length} read, ${linked.length} linked to stocks`,
    ...(itemsBeyond === 0 ? [] : [`${itemsBeyond} items further down are not looked at`]),
    ...failures.map(({ why }) => `failed: ${why}`),
  ];
}

export const newsCommand = new Command('news').description('sources of news').addCommand(
  new Command('check')
    .description('reads one source as the day would, and says what came of every item')
    .argument('<source>', 'URL or file')
    .addOption(new Option('--kind <kind>', 'what the source is; default feed').choices([...kinds]))
    .option(
      '--instruments <file>',
      "the day's list of stocks (CSV with tradingsymbol and name); default the project's own table of names",
    )
    .option('--config <file>', 'configuration file (JSON)')
    .option('--json', 'print one JSON document')
    .action(async (source: string, flags: CheckFlags) => {
      const table = nameTable(flags.instruments === undefined ? null : listOf(flags.instruments));
      const checked = await check(sourceOf(source, flags.kind), table, flags);
      print(flags.json === true, checked, () => textOf(checked));
      if (checked.failures.length > 0) process.exitCode = 1;
    }),
);
