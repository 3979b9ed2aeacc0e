// `ratchet backtest`: recorded days through the live decisions, risk, position machine and exchange engine,
// beside the index and random entries.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  backtestDay,
  chooseDays,
  chooseModel,
  loadSignalModel,
  openMarket,
  totalReport,
  type BacktestTerms,
  type DayFlags,
  type DayOutcome,
  type Fidelity,
  type SignalModel,
} from '../../backtest';
import { readMembership, type Membership } from '../../domain/candleStore/membership';
import { Refused } from '../../domain/errors';
import { paise, type Paise } from '../../domain/units';
import { readCalendar } from '../../infra/config/sections/calendar';
import { loadConfig } from '../../infra/config/config';
import { membershipName, type CandleSeries } from '../../exchange/market/candleFiles';
import { csvTable } from '../../exchange/market/csvTable';
import { chanceFor } from '../../exchange/market/chance';
import { isAgent, namesInUse, openVoters } from '../../infra/strategies/open';
import {
  fidelityOption,
  neededOf,
  requireWritable,
  rupeesAtLeastOne,
  whole,
} from '../recordedFlags';
import { backtestPage } from '../text/backtestPage';
import { backtestLines, type BacktestDocument } from '../text/backtestTable';
import { print, say } from '../text/output';
import { seedLines, seedsDocument, type SeedsDocument, type SeedTotal } from '../text/seedsTable';

interface BacktestFlags extends DayFlags {
  readonly replay: string;
  readonly factors?: string;
  readonly membership?: string;
  readonly fidelity: Fidelity;
  readonly config?: string;
  readonly seed: number;
  readonly seeds?: readonly number[];
  readonly cash: Paise;
  readonly random: number;
  readonly model?: string;
  readonly json?: true;
  readonly html?: string;
}

/** A number of seeds, 1 to that many, or a list. */
function seedList(text: string): readonly number[] {
  const numbers = text.split(',').map(whole(999_999_999));
  const [count = 0] = numbers;
  const seeds =
    numbers.length > 1
      ? numbers
      : Array.from({ length: Math.min(count, 1_000) }, (_, at) => at + 1);
  if (seeds.length >= 2 && new Set(seeds).size === seeds.length) return seeds;
  throw new InvalidArgumentError(
    `must be 2 or more, or a list of different seeds like 7,8,9, was "${text}".`,
  );
}

export const backtestCommand = new Command('backtest')
  .description('trade recorded days in one process, beside the index and random entries')
  .requiredOption('--replay <dir>', 'folder of one-minute candles, a file a stock: CSV or Parquet')
  .option('--factors <file>', 'CSV symbol,ex_date,factor of splits and bonuses')
  .option(
    '--membership <file>',
    'CSV symbol,from,to,sector,has_derivatives (default: membership.csv of the folder)',
  )
  .addOption(fidelityOption())
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
  .option(
    '--seeds <n|list>',
    'the same days with each seed, totals only, without random entries: 1 to n, or a list',
    seedList,
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
  const membership = membershipOf(flags, remark);
  const reading = {
    ...{ factorsFile, remark, membership },
    seen: flags.days === undefined ? seen : undefined,
  };
  const days = chooseDays(directory, flags, calendar, reading);
  if (flags.html !== undefined) requireWritable(flags.html);
  const model = await modelFor(flags, days);
  const { seed, cash, random: randomRuns } = flags;
  const dates = days.map(({ date }) => date);
  const read = flags.days === undefined ? { series } : {};
  const folder = { directory, factorsFile, calendar, membership, ...read };
  if (flags.seeds !== undefined) {
    if (flags.html !== undefined)
      throw new Refused({
        code: 'BACKTEST_PAGE',
        message: '--html must not stand beside --seeds: the page is of one seed',
      });
    const terms = { config, model, voters, cash, randomRuns: 0, membership };
    const seeded = await playSeeds(days, flags.seeds, (each) => ({
      ...{ ...terms, seed: each },
      ...openMarket(flags.fidelity, { ...folder, seed: each }, dates),
    }));
    print(flags.json === true, seeded, () => seedLines(seeded));
    return;
  }
  const outcomes = await playAll(days, {
    config,
    model,
    voters,
    cash,
    seed,
    randomRuns,
    membership,
    ...openMarket(flags.fidelity, { ...folder, seed }, dates),
  });
  const document: BacktestDocument = {
    fidelity: flags.fidelity,
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

/** @param remark told once where a past day is traded on today’s list. @throws Refused naming file, line and value. */
function membershipOf(
  { replay, membership }: BacktestFlags,
  remark: (sentence: string) => void,
): Membership | undefined {
  const file = membership ?? join(replay, membershipName);
  if (membership !== undefined || existsSync(file)) return readMembership(csvTable(file));
  remark(
    `the universe is that of the folder: no ${membershipName} says which stocks were members on a day, so those that have left since are missing, and the result is better than trading was (survivorship)`,
  );
  return undefined;
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

/** The same days under each seed. */
async function playSeeds(
  days: ReturnType<typeof chooseDays>,
  seeds: readonly number[],
  termsOf: (seed: number) => BacktestTerms,
): Promise<SeedsDocument> {
  const totals: SeedTotal[] = [];
  for (const seed of seeds) {
    say(`seed ${seed}`);
    const terms = termsOf(seed);
    const outcomes = await playAll(days, terms);
    const total = totalReport(outcomes, terms.cash, chanceFor(seed, 'interval').unit);
    const { trades, grossPnl, charges, netPnl } = total;
    totals.push({ seed, trades, grossPnl, charges, netPnl });
  }
  return seedsDocument(days, totals);
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
