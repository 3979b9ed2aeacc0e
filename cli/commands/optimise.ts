// `ratchet optimise`: parameter sets are tried on recorded days, each fold's choice is judged on days it did not see,
// and one sentence says what that allows to be claimed.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { SingleBar } from 'cli-progress';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { chooseDays, chooseModel, type DayFlags, type Fidelity } from '../../backtest';
import { configSpace } from '../../backtest/research/configAt';
import { openCrew, type Players } from '../../backtest/research/crew';
import { candlesFingerprint, codeFingerprint } from '../../backtest/research/fingerprints';
import { openHoldOut } from '../../backtest/research/openHoldOut';
import { netOf, search } from '../../backtest/research/search';
import {
  methods,
  Study,
  type FinishedTrial,
  type Method,
  type StudyHeader,
} from '../../backtest/research/study';
import { studyDays, studyDocument } from '../../backtest/research/studyDocument';
import { Refused } from '../../domain/errors';
import { objectives, scoreOf, type Objective } from '../../domain/research/objective';
import { gridSize } from '../../domain/research/sampling';
import { parseParameter, type Parameter, type Space } from '../../domain/research/space';
import type { FoldTerms } from '../../domain/research/walkForward';
import { paise, type Paise } from '../../domain/units';
import { readConfig } from '../../infra/config/config';
import { readCalendar } from '../../infra/config/sections/calendar';
import {
  fidelityOption,
  requireWritable,
  rupeesAtLeastOne,
  shareBelow,
  whole,
} from '../recordedFlags';
import { print, say } from '../text/output';
import { studyLines } from '../text/studyLines';
import { studyPage } from '../text/studyPage';

interface OptimiseFlags extends DayFlags {
  readonly study: string;
  readonly fidelity: Fidelity;
  readonly replay?: string;
  readonly factors?: string;
  readonly config?: string;
  readonly vary: readonly Parameter[];
  readonly space?: string;
  readonly method: Method;
  readonly trials?: number;
  readonly seed: number;
  readonly objective: Objective;
  readonly folds: number;
  readonly embargo: number;
  readonly window: FoldTerms['kind'];
  readonly holdout: number;
  readonly cash: Paise;
  readonly model?: string;
  readonly random: number;
  readonly workers: number;
  readonly resume?: true;
  readonly openHoldout?: true;
  readonly json?: true;
  readonly html?: string;
}

export const optimiseCommand = new Command('optimise')
  .description('try parameters on recorded days, and say what the result allows to be claimed')
  .requiredOption('--study <dir>', 'folder of the study: what it is, and a line for each trial')
  .option('--replay <dir>', 'folder of one-minute candles SYMBOL.csv or SYMBOL.csv.gz')
  .option('--factors <file>', 'CSV symbol,ex_date,factor of splits and bonuses')
  .addOption(fidelityOption())
  .option('--from <date>', 'first day of a range, with --to')
  .option('--to <date>', 'last day of a range, with --from')
  .option('--days <n>', 'the latest n days on which every stock has a whole session')
  .option('--config <file>', 'configuration file (JSON) that the search starts from')
  .addOption(
    new Option('--vary <key=range>', 'a key with LEAST..MOST[:STEP] or a|b|c; may be repeated')
      .argParser((text: string, before: readonly Parameter[]) => [...before, parseParameter(text)])
      .default([], 'none'),
  )
  .option('--space <file>', 'JSON list of {key, kind, least, most, step} or {key, kind, choices}')
  .addOption(
    new Option('--method <how>', 'how points are chosen').choices(methods).default('random'),
  )
  .option('--trials <n>', 'how many points (default: 100; of a grid all)', whole(1_000_000, 1))
  .option(
    '--seed <n>',
    'seed of the points, the minutes’ paths and the lots',
    whole(999_999_999),
    7,
  )
  .addOption(
    new Option('--objective <what>', 'of daily results after charges, what is looked for')
      .choices(objectives)
      .default('sharpe'),
  )
  .option('--folds <n>', 'folds of the walk-forward', whole(50, 1), 4)
  .option('--embargo <n>', 'sessions between days that choose and days that judge', whole(20), 1)
  .addOption(
    new Option('--window <kind>', 'days that choose: all before, or as many in every fold')
      .choices(['anchored', 'rolling'])
      .default('anchored'),
  )
  .option('--holdout <share>', 'last share of the days, never searched', shareBelow(0.9), 0.2)
  .addOption(
    new Option('--cash <rupees>', 'capital at the start of each day')
      .argParser(rupeesAtLeastOne)
      .default(paise(100_000_000), '1000000'),
  )
  .option('--model <version>', 'version of the signal-quality model, or none')
  .option('--random <n>', 'runs with random entries beside the choices', whole(10_000), 20)
  .option('--workers <n>', 'threads', whole(256, 1), availableParallelism())
  .option('--resume', 'go on with the study of the folder; its own terms hold')
  .option('--open-holdout', 'play the best trial on the days held out, and write down that it was')
  .option('--json', 'print one JSON document')
  .option('--html <file>', 'write a page with charts, too')
  .action(run);

const rangedForm = z.strictObject({
  key: z.string(),
  kind: z.enum(['number', 'whole']).default('number'),
  least: z.number(),
  most: z.number(),
  step: z.number().nullable().default(null),
});
const choiceForm = z.strictObject({
  key: z.string(),
  kind: z.literal('choice'),
  choices: z.array(z.union([z.string(), z.number(), z.boolean()])),
});

/** @throws Refused RESEARCH_SPACE */
function spaceOf({ vary, space: file }: OptimiseFlags): Space {
  if (file === undefined) return configSpace(vary);
  const refuse = (why: string): never => {
    throw new Refused({ code: 'RESEARCH_SPACE', message: `--space ${file} ${why}` });
  };
  try {
    const read = z
      .array(z.union([choiceForm, rangedForm]))
      .safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (read.success) return configSpace([...read.data, ...vary]);
  } catch (error) {
    if (error instanceof Refused) throw error;
    return refuse('cannot be read as JSON');
  }
  return refuse('must be a list of {key, kind, least, most, step} or {key, kind, choices}');
}

/** What a study is begun with, from the flags and the files. */
function headerOf(flags: OptimiseFlags): StudyHeader {
  const { replay: directory, seed, method, objective, folds, embargo, window: kind } = flags;
  if (directory === undefined)
    throw new Refused({
      code: 'STUDY_FOLDER',
      message: 'a study begins with --replay DIR, the folder of its candles; it is not given',
    });
  const { config, written } = readConfig(flags.config);
  const space = spaceOf(flags);
  const calendar = readCalendar(config.calendar);
  const factorsFile = flags.factors;
  const days = chooseDays(directory, flags, calendar, { factorsFile, remark: say });
  const dates = days.map(({ date }) => date);
  const terms = { folds, embargo, kind, method, seed, objective, holdOut: flags.holdout };
  studyDays({ dates, terms });
  const { version, remark } = chooseModel(flags.model, dates);
  if (remark !== undefined) say(remark);
  return {
    ...{ space, terms, dates, written },
    engine: {
      ...{ kind: flags.fidelity, directory, factorsFile: factorsFile ?? null, model: version },
      ...{ cash: flags.cash, seed, calendar },
    },
    ...fingerprints(directory, factorsFile, dates),
  };
}

function fingerprints(
  directory: string,
  factorsFile: string | undefined,
  dates: StudyHeader['dates'],
): Pick<StudyHeader, 'data' | 'code'> {
  const [first = '', last = first] = [dates[0], dates.at(-1)];
  return {
    data: candlesFingerprint({ directory, factorsFile }, first, last),
    code: codeFingerprint(),
  };
}

/** The study as it is on the disk, or a new one. @throws Refused STUDY_DIFFERS where something has changed. */
function studyOf(flags: OptimiseFlags, command: Command): Study {
  if (flags.resume !== true && flags.openHoldout !== true) {
    const header = headerOf(flags);
    trialsWanted(flags, header);
    return Study.begin(flags.study, header);
  }
  const study = Study.open(flags.study);
  const given = [...termFlags].filter((name) => command.getOptionValueSource(name) === 'cli');
  study.requireSame(given.length === 0 ? refreshed(study.header) : headerOf(flags));
  return study;
}

/** Flags that say what a study is. Where none is given with --resume, the study's own hold. */
const termFlags = [
  ...['replay', 'factors', 'from', 'to', 'days', 'config', 'vary', 'space', 'method', 'seed'],
  ...['objective', 'folds', 'embargo', 'window', 'holdout', 'cash', 'model'],
];

function refreshed(header: StudyHeader): StudyHeader {
  const { directory, factorsFile } = header.engine;
  return { ...header, ...fingerprints(directory, factorsFile ?? undefined, header.dates) };
}

async function run(flags: OptimiseFlags, command: Command): Promise<void> {
  if (flags.html !== undefined) requireWritable(flags.html);
  const study = studyOf(flags, command);
  const { engine, dates } = study.header;
  const players = openCrew(engine, dates, flags.workers);
  try {
    if (flags.openHoldout === true) {
      const opening = await openHoldOut(study, players, new Date().toISOString());
      print(flags.json === true, opening, () => [opening.sentence]);
      return;
    }
    await searchOn(study, flags, players);
    const document = await studyDocument(study, { players, twins: flags.random });
    print(flags.json === true, document, () => studyLines(document));
    if (flags.html === undefined) return;
    writeFileSync(flags.html, studyPage(document));
    say(`page: ${flags.html}`);
  } finally {
    await players.close();
  }
}

const trialsUsual = 100;

/** @throws Refused RESEARCH_SPACE where a grid is larger. */
function trialsWanted({ trials: asked }: OptimiseFlags, { space, terms }: StudyHeader): number {
  if (terms.method !== 'grid') return asked ?? trialsUsual;
  const size = gridSize(space);
  if (asked !== undefined && asked < size)
    throw new Refused({
      code: 'RESEARCH_SPACE',
      message: `a grid of ${size} points needs --trials ${size} or more, was ${asked}; or choose --method random`,
    });
  return size;
}

async function searchOn(study: Study, flags: OptimiseFlags, players: Players): Promise<void> {
  const { header } = study;
  const { searched, folds } = studyDays(header);
  const trials = trialsWanted(flags, header);
  const done = study.trials();
  const progress = progressOf(header, trials, done);
  try {
    const onTrial = (trial: FinishedTrial): void => {
      study.add(trial);
      progress.show(trial);
    };
    await search({ header, dates: searched, folds, players, trials, onTrial }, done);
  } finally {
    progress.stop();
  }
}

interface Progress {
  readonly show: (trial: FinishedTrial) => void;
  readonly stop: () => void;
}

/** Trials done, the best score so far and the time that remains: a bar on a terminal, else a line a trial. */
function progressOf(
  { terms }: StudyHeader,
  trials: number,
  before: readonly FinishedTrial[],
): Progress {
  let [done, best] = [before.length, -Infinity];
  const count = (trial: FinishedTrial): void => {
    if (trial.refused === null) best = Math.max(best, scoreOf(terms.objective, netOf(trial)));
  };
  before.forEach(count);
  const words = (): string => (best === -Infinity ? '–' : best.toFixed(3).replace('-', '−'));
  const began = Date.now();
  const remaining = (): string => {
    const each = (Date.now() - began) / Math.max(1, done - before.length);
    return `${Math.ceil((each * Math.max(0, trials - done)) / 60_000)} min`;
  };
  const tty = process.stderr.isTTY;
  const bar = new SingleBar({
    format: '{bar} {value} of {total} trials · best {best} · {left} left',
    stream: process.stderr,
  });
  if (tty) bar.start(trials, done, { best: words(), left: '–' });
  return {
    show: (trial) => {
      done += 1;
      count(trial);
      if (tty) bar.update(done, { best: words(), left: remaining() });
      else
        say(
          `… trial ${done} of ${trials}${trial.refused === null ? '' : ' (refused)'} · best ${terms.objective} ${words()} · ${remaining()} left`,
        );
    },
    stop: () => {
      if (tty) bar.stop();
    },
  };
}
