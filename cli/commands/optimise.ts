// `ratchet optimise`: parameter sets are tried on recorded days, each fold's choice is judged on days it did not see,
// and one sentence says what that allows to be claimed.
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { SingleBar } from 'cli-progress';
import { Command, Option } from 'commander';
import { openCrew, type Players } from '../../backtest/research/crew';
import { openHoldOut } from '../../backtest/research/openHoldOut';
import { netOf, search } from '../../backtest/research/search';
import {
  methods,
  Study,
  type FinishedTrial,
  type StudyHeader,
} from '../../backtest/research/study';
import { studyDays, studyDocument } from '../../backtest/research/studyDocument';
import { Refused } from '../../domain/errors';
import { objectives, scoreOf } from '../../domain/research/objective';
import { gridSize } from '../../domain/research/sampling';
import { parseParameter, type Parameter } from '../../domain/research/space';
import { paise } from '../../domain/units';
import {
  fidelityOption,
  requireWritable,
  rupeesAtLeastOne,
  shareBelow,
  whole,
} from '../recordedFlags';
import { headerOf, refreshed, type OptimiseFlags } from '../studyHeader';
import { print, say } from '../text/output';
import { studyLines } from '../text/studyLines';
import { studyPage } from '../text/studyPage';

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

/** The study as it is on the disk, or a new one. @throws Refused STUDY_DIFFERS where something has changed. */
async function studyOf(flags: OptimiseFlags, command: Command): Promise<Study> {
  if (flags.resume !== true && flags.openHoldout !== true) {
    const header = await headerOf(flags);
    trialsWanted(flags, header);
    return Study.begin(flags.study, header);
  }
  const study = Study.open(flags.study);
  const given = [...termFlags].filter((name) => command.getOptionValueSource(name) === 'cli');
  study.requireSame(given.length === 0 ? await refreshed(study.header) : await headerOf(flags));
  return study;
}

/** Flags that say what a study is. Where none is given with --resume, the study's own hold. */
const termFlags = [
  ...['replay', 'factors', 'from', 'to', 'days', 'config', 'vary', 'space', 'method', 'seed'],
  ...['objective', 'folds', 'embargo', 'window', 'holdout', 'cash', 'model'],
];

async function run(flags: OptimiseFlags, command: Command): Promise<void> {
  if (flags.html !== undefined) requireWritable(flags.html);
  const study = await studyOf(flags, command);
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
