// `ratchet sentiment SYMBOL`: the view of a stock with its evidence. `--score-file` scores any headlines with
// the shipped models, on a model server that it starts for that time.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { Command } from 'commander';
import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Pool } from 'pg';
import { z } from 'zod';
import { createModelClient, scoreInBatches, type ModelClient } from '../../activities/models';
import { Refused } from '../../domain/errors';
import { findMention, headlineTokens, type SentimentView } from '../../domain/sentiment';
import { istText } from '../../domain/session/sessionClock';
import { print } from '../text/output';
import { launch, type Program } from '../../infra/supervisor/program';
import { chosenDay, withRecords, type DayChoice } from '../talk';

interface SentimentFlags extends DayChoice {
  readonly json?: true;
  readonly scoreFile?: string;
  readonly out?: string;
}

const modelName = 'sentiment';

const refuse = (message: string): never => {
  throw new Refused({ code: 'SENTIMENT_INPUT', message });
};

async function newestView(pool: Pool, account: string, symbol: string): Promise<SentimentView> {
  const { rows } = await pool.query<{ view: SentimentView }>(
    'select view from sentiment where account = $1 and tradingsymbol = $2 order by as_of desc limit 1',
    [account, symbol],
  );
  return (
    rows[0]?.view ??
    refuse(`there is no sentiment of ${symbol}; is it one of the day's stocks, and has it started?`)
  );
}

const fileRows = z.array(
  z.object({ text: z.string().min(1), entity: z.string().optional() }).loose(),
);

/**
 * One headline with the company it is scored for. Without a company, or where the headline does not name it,
 * the headline is scored as a whole.
 */
const tokensOf = ({ text, entity = '' }: z.infer<typeof fileRows>[number]): number[] =>
  headlineTokens(text, entity === '' ? null : findMention(text, entity));

function readRows(file: string): z.infer<typeof fileRows> {
  const rows = fileRows.safeParse(readRecords(file));
  return rows.success
    ? rows.data
    : refuse(`${file} must have a column text, and may have a column entity, in every row`);
}

function readRecords(file: string): unknown {
  try {
    return parse(readFileSync(file), { columns: true, bom: true, trim: true });
  } catch (error) {
    const why = error instanceof CsvError ? error.message : 'cannot be read';
    return refuse(`${file} is not a CSV file with a column text: ${why}`);
  }
}

const labels = ['negative', 'neutral', 'positive'] as const;

async function scoreFile(models: ModelClient, input: string, out: string): Promise<number> {
  const rows = readRows(input);
  const { rows: probabilities, version } = await scoreInBatches(
    models,
    modelName,
    rows.map(tokensOf),
  );
  const scored = rows.map((row, index) => {
    const shares = probabilities[index] ?? [];
    const [negative = 0, neutral = 0, positive = 0] = shares;
    const label = labels[shares.indexOf(Math.max(...shares))] ?? 'neutral';
    const score = positive - negative;
    return { ...row, label, score, negative, neutral, positive, version: version ?? '' };
  });
  writeFileSync(out, stringify(scored, { header: true }));
  return rows.length;
}

const serverAddress = z.object({ url: z.string() });

/** Runs a model server of the shipped models while `work` runs. */
async function withModels<T>(work: (models: ModelClient) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-sentiment-'));
  const program: Program = { name: 'model server', script: 'serving/main.js', args: [], env: {} };
  try {
    const { child, line } = await launch(folder, program);
    try {
      return await work(createModelClient(serverAddress.parse(JSON.parse(line)).url));
    } finally {
      await child.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function show(symbol: string, flags: SentimentFlags): Promise<void> {
  const { account } = chosenDay(flags);
  const view = await withRecords((pool) => newestView(pool, account, symbol));
  print(flags.json === true, { tradingsymbol: symbol, ...view }, () => [
    `${symbol} · score ${view.score.toFixed(2)} · confidence ${view.confidence.toFixed(2)} · ${view.itemCount} stories · as of ${istText(view.asOf)}`,
    ...view.evidence,
  ]);
}

export const sentimentCommand = new Command('sentiment')
  .description("a stock's news sentiment with its evidence, or the scores of a file of headlines")
  .argument('[symbol]', 'trading symbol')
  .option('--score-file <csv>', 'headlines to score: columns text and, if you like, entity')
  .option('--out <csv>', 'where to write the scores')
  .option('--account <name>', 'account; default the running one')
  .option('--json', 'print one JSON document')
  .action(async (symbol: string | undefined, flags: SentimentFlags) => {
    if (flags.scoreFile === undefined)
      return show(symbol?.toUpperCase() ?? refuse('name a symbol, or a --score-file'), flags);
    const { scoreFile: input, out = refuse('--score-file needs --out FILE') } = flags;
    const rows = await withModels((models) => scoreFile(models, input, out));
    print(flags.json === true, { rows, out }, () => [`${rows} headlines scored into ${out}`]);
  });
