// What a study is, from the flags of `ratchet optimise` and the files they name.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { chooseDays, chooseModel, type DayFlags, type Fidelity } from '../backtest';
import { configSpace } from '../backtest/research/configAt';
import { candlesFingerprint, codeFingerprint } from '../backtest/research/fingerprints';
import type { Method, StudyHeader } from '../backtest/research/study';
import { studyDays } from '../backtest/research/studyDocument';
import { Refused } from '../domain/errors';
import type { Objective } from '../domain/research/objective';
import type { Parameter, Space } from '../domain/research/space';
import type { FoldTerms } from '../domain/research/walkForward';
import { isRecord } from '../domain/settings';
import type { Paise } from '../domain/units';
import { configFrom, readConfig, type RatchetConfig } from '../infra/config/config';
import { readCalendar } from '../infra/config/sections/calendar';
import { declaredStrategies, type DeclaredStrategies } from '../infra/strategies/open';
import { say } from './text/output';

type Declared = DeclaredStrategies['parameters'];

export interface OptimiseFlags extends DayFlags {
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
function spaceOf({ vary, space: file }: OptimiseFlags, declared: Declared): Space {
  if (file === undefined) return configSpace(vary, declared);
  const refuse = (why: string): never => {
    throw new Refused({ code: 'RESEARCH_SPACE', message: `--space ${file} ${why}` });
  };
  try {
    const read = z
      .array(z.union([choiceForm, rangedForm]))
      .safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (read.success) return configSpace([...read.data, ...vary], declared);
  } catch (error) {
    if (error instanceof Refused) throw error;
    return refuse('cannot be read as JSON');
  }
  return refuse('must be a list of {key, kind, least, most, step} or {key, kind, choices}');
}

/** What a study is begun with, from the flags and the files. */
export async function headerOf(flags: OptimiseFlags): Promise<StudyHeader> {
  const { replay: directory, seed, method, objective, folds, embargo, window: kind } = flags;
  if (directory === undefined)
    throw new Refused({
      code: 'STUDY_FOLDER',
      message: 'a study begins with --replay DIR, the folder of its candles; it is not given',
    });
  const { config, written } = readConfig(flags.config);
  const own = await declaredStrategies(config.strategies);
  const space = spaceOf(flags, own.parameters);
  const calendar = readCalendar(config.calendar);
  const factorsFile = flags.factors;
  const days = chooseDays(directory, flags, calendar, { factorsFile, remark: say });
  const dates = days.map(({ date }) => date);
  const terms = { folds, embargo, kind, method, seed, objective, holdOut: flags.holdout };
  studyDays({ dates, terms });
  const { version, remark } = chooseModel(flags.model, dates);
  if (remark !== undefined) say(remark);
  return {
    ...{ space, terms, dates, written: placedWritten(written, config) },
    engine: {
      ...{ kind: flags.fidelity, directory, factorsFile: factorsFile ?? null, model: version },
      ...{ cash: flags.cash, seed, calendar },
    },
    ...fingerprints(directory, factorsFile, dates),
    strategies: own.hashes,
  };
}

/** The folder of strategies as it is meant, so that the study does not depend on where it is resumed. */
function placedWritten(written: unknown, { strategies: { folder } }: RatchetConfig): unknown {
  if (!isRecord(written) || !isRecord(written['strategies'])) return written;
  return { ...written, strategies: { ...written['strategies'], folder } };
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

/** The header as the files are now. */
export async function refreshed(header: StudyHeader): Promise<StudyHeader> {
  const { directory, factorsFile } = header.engine;
  const { strategies } = configFrom(header.written, '(study)').config;
  return {
    ...header,
    ...fingerprints(directory, factorsFile ?? undefined, header.dates),
    strategies: (await declaredStrategies(strategies)).hashes,
  };
}
