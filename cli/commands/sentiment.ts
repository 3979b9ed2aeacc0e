// `ratchet sentiment SYMBOL`: the view of a stock with its evidence. `--score-file` scores any headlines with
// the shipped models, on a model server that it starts for that time.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import type { Pool } from 'pg';
import { z } from 'zod';
import { createModelClient, scoreInBatches, type ModelClient } from '../../activities/models';
import { Refused, wordsOf } from '../../domain/errors';
import type { SentimentView } from '../../domain/sentiment';
import { istText } from '../../domain/session/sessionClock';
import { print } from '../text/output';
import { launch, type Program } from '../../infra/supervisor/program';
import { readHeadlines, scoredFile, type HeadlineFile, type ScoreOf } from '../headlineFile';
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

/** Scores the file's headlines. @returns how many, and the names of the columns that were added. */
async function scoreFile(
  models: ModelClient,
  file: HeadlineFile,
  out: string,
): Promise<readonly string[]> {
  const progress = scoringProgress(file.rows.length);
  try {
    const { rows, version } = await scoreInBatches(models, modelName, file.tokens, progress.at);
    const scores = rows.map(([negative = 0, neutral = 1, positive = 0]): ScoreOf => {
      return [negative, neutral, positive];
    });
    const { text, added } = scoredFile(file, scores, version ?? '');
    writeFileSync(out, text);
    return added;
  } finally {
    progress.end();
  }
}

/** A bar on a terminal; elsewhere nothing, since the command's end says it all. */
function scoringProgress(total: number): {
  readonly at: (scored: number) => void;
  readonly end: () => void;
} {
  const bar = new SingleBar({
    format: '{bar} {value} of {total} headlines · {eta_formatted}',
    stream: process.stderr,
    // What is no terminal gets no line of it.
    noTTYOutput: false,
  });
  bar.start(total, 0);
  return { at: (scored) => bar.update(scored), end: () => bar.stop() };
}

function headlinesIn(input: string, out: string): HeadlineFile {
  if (resolve(input) === resolve(out))
    refuse(`--out must be another file than --score-file; both are ${input}`);
  let bytes: Buffer;
  try {
    bytes = readFileSync(input);
  } catch (error) {
    return refuse(`--score-file ${input} cannot be read: ${wordsOf(error)}`);
  }
  return readHeadlines(input, bytes);
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
    const file = headlinesIn(input, out);
    const columns = await withModels((models) => scoreFile(models, file, out));
    const rows = file.rows.length;
    print(flags.json === true, { rows, out, columns }, () => [
      `${rows} headlines scored into ${out}; columns added: ${columns.join(', ')}`,
    ]);
  });
