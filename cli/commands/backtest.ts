// `ratchet backtest`: recorded days through the live decisions, risk, position machine and exchange engine,
// beside the index and random entries.
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  backtestDay,
  chooseDays,
  chooseModel,
  loadSignalModel,
  totalReport,
  type BacktestTerms,
  type DayFlags,
  type DayOutcome,
  type SignalModel,
} from '../../backtest';
import { Refused, wordsOf } from '../../domain/errors';
import { paise, type Paise } from '../../domain/units';
import { readCalendar } from '../../infra/config/sections/calendar';
import { loadConfig } from '../../infra/config/config';
import type { CandleSeries } from '../../exchange/market/candleFiles';
import { chanceFor } from '../../exchange/market/chance';
import { isAgent, namesInUse, openVoters } from '../../infra/strategies/open';
import { neededSpan, recordedMarkets } from '../../exchange/market/replay';
import { backtestPage } from '../text/backtestPage';
import { backtestLines, type BacktestDocument } from '../text/backtestTable';
import { print, say } from '../text/output';

interface BacktestFlags extends DayFlags {
  readonly replay: string;
  readonly factors?: string;
  readonly config?: string;
  readonly seed: number;
  readonly cash: Paise;
  readonly random: number;
  readonly model?: string;
  readonly json?: true;
  readonly html?: string;
}

const whole =
  (most: number) =>
  (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) <= most) return Number(text);
    throw new InvalidArgumentError(`must be a whole number from 0 to ${most}, was "${text}".`);
  };

function rupeesAtLeastOne(text: string): Paise {
  if (/^\d{1,10}$/.test(text) && Number(text) >= 1) return paise(Number(text) * 100);
  throw new InvalidArgumentError(`must be whole rupees from 1 to 9999999999, was "${text}".`);
}

export const backtestCommand = new Command('backtest')
  .description('trade recorded days in one process, beside the index and random entries')
  .requiredOption('--replay <dir>', 'folder of one-minute candles SYMBOL.csv or SYMBOL.csv.gz')
  .option('--factors <file>', 'CSV symbol,ex_date,factor of splits and bonuses')
  .option('--date <date>', 'one day')
  .option('--from <date>', 'first day of a range, with --to')
  .option('--to <date>', 'last day of a range, with --from')
  .option('--days <n>', 'the latest n days on which every stock has a whole session')
  .option('--config <file>', 'configuration file (JSON)')
  .option(
    '--seed <n>',
    'seed of the path inside each minute and of the lots',
    whole(999_999_999),
    7,
  )
  .addOption(
    new Option('--cash <rupees>', 'capital at the start of each day')
      .argParser(rupeesAtLeastOne)
      .default(paise(100_000_000), '1000000'),
  )
  .option(
    '--random <n>',
    'runs per day with entries drawn by lot; 0 leaves them out',
    whole(10_000),
    100,
  )
  .option(
    '--model <version>',
    'version of the signal-quality model, or none (default: the newest not trained on these days)',
  )
  .option('--json', 'print one JSON document')
  .option('--html <file>', 'write a page with charts and every trade, too')
  .action(run);

async function run(flags: BacktestFlags): Promise<void> {
  const written = loadConfig(flags.config);
  const { voters, decision } = await openVoters(written);
  const config = { ...written, decision };
  const calendar = readCalendar(config.calendar);
  const { replay: directory, factors: factorsFile } = flags;
  const filesRemarks: string[] = [];
  const remark = (sentence: string): void => {
    filesRemarks.push(sentence);
    say(sentence);
  };
  const series: CandleSeries[] = [];
  const seen = (one: CandleSeries): void => void series.push(neededOf(one, flags));
  const reading = { factorsFile, remark, seen: flags.days === undefined ? seen : undefined };
  const days = chooseDays(directory, flags, calendar, reading);
  if (flags.html !== undefined) requireWritable(flags.html);
  const model = await modelFor(flags, days);
  const { seed, cash, random: randomRuns } = flags;
  const dates = days.map(({ date }) => date);
  const read = flags.days === undefined ? { series } : {};
  const marketOf = recordedMarkets({ directory, factorsFile, calendar, seed, ...read }, dates);
  const outcomes = await playAll(days, {
    config,
    model,
    voters,
    cash,
    seed,
    randomRuns,
    marketOf,
  });
  const document: BacktestDocument = {
    seed,
    cash,
    model: model?.version ?? null,
    modelWhenAbsent: config.decision.model.whenAbsent,
    sentiment: 'absent',
    agents: namesInUse(written.strategies).filter(isAgent),
    strategies: voters.strategies.map(({ name, hash, values }) => ({ name, hash, values })),
    filesRemarks,
    days: outcomes.map(({ report }) => report),
    total: totalReport(outcomes, cash, chanceFor(seed, 'interval').unit),
  };
  requireDecisions(document);
  print(flags.json === true, document, () => backtestLines(document));
  if (flags.html === undefined) return;
  writeFileSync(flags.html, backtestPage(document));
  say(`page: ${flags.html}`);
}

async function modelFor(
  { model: asked }: BacktestFlags,
  days: readonly { readonly date: string }[],
): Promise<SignalModel | null> {
  const { version, remark } = chooseModel(
    asked,
    days.map(({ date }) => date),
  );
  if (remark !== undefined) say(remark);
  return version === null ? null : loadSignalModel(version);
}

/** What named dates need of a series. Which the latest whole days are shows only when all has been read. */
function neededOf(series: CandleSeries, { date, from = date, to = date }: DayFlags): CandleSeries {
  const span = neededSpan(from ?? '', to ?? '');
  const candles = series.candles.filter(({ at }) => at >= span.from && at < span.until);
  return { ...series, candles };
}

/** A backtest that decided nothing has no result. @throws Refused BACKTEST_NOTHING */
function requireDecisions({ days, total }: BacktestDocument): void {
  const { LONG, SHORT, SKIP } = total.decisions;
  if (LONG + SHORT + SKIP > 0) return;
  const reasons = days.map(({ date, stocks, staleBars, unjudged, leftOut: [first] }) => {
    const codes = Object.entries(unjudged).map(([code, times]) => `${code} ${times} times`);
    const left =
      first === undefined ? [] : [`${first.tradingsymbol} is not traded: ${first.reason}`];
    const facts = [
      `${stocks} stocks watched`,
      `${staleBars} bars without a feed`,
      ...codes,
      ...left,
    ];
    return `${date}: ${facts.join(', ')}`;
  });
  throw new Refused({
    code: 'BACKTEST_NOTHING',
    message: `nothing was decided: ${reasons.join('; ')}`,
  });
}

/** One progress bar over all runs of all days on a terminal; elsewhere one line per day. */
async function playAll(
  days: ReturnType<typeof chooseDays>,
  terms: BacktestTerms,
): Promise<readonly DayOutcome[]> {
  const tty = process.stderr.isTTY;
  const bar = new SingleBar({ format: '{bar} {date} · {eta_formatted}', stream: process.stderr });
  const perDay = terms.randomRuns + 1;
  if (tty) bar.start(days.length * perDay, 0, { date: days[0]?.date ?? '' });
  const outcomes: DayOutcome[] = [];
  try {
    for (const [index, day] of days.entries()) {
      const { date } = day;
      if (!tty) say(`… ${date} (${index + 1} of ${days.length})`);
      const played = await backtestDay(day, terms, (done) => {
        if (tty) bar.update(index * perDay + done, { date });
      });
      outcomes.push(played);
      if (tty) bar.update((index + 1) * perDay, { date });
    }
  } finally {
    if (tty) bar.stop();
  }
  return outcomes;
}

/** Checked before the work, not after it. @throws Refused BACKTEST_PAGE */
function requireWritable(file: string): void {
  try {
    closeSync(openSync(file, 'a'));
  } catch (error) {
    const why = wordsOf(error);
    throw new Refused({
      code: 'BACKTEST_PAGE',
      message: `--html ${file} cannot be written: ${why}`,
    });
  }
}
