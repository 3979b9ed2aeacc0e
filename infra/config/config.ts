// The configuration of an account, from one JSON file and defaults. Everything is checked where it is
// read; a value that is wrong is one sentence and nothing starts. Secrets are never in it.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Refused } from '../../domain/errors';
import { needsLogin } from '../../domain/live/mode';
import { validateLimits } from '../../domain/risk';
import { isRecord, issueSentence } from '../../domain/settings';
import { standardPolicy } from '../../domain/trailing';
import { paise } from '../../domain/units';
import { readCalendar } from './sections/calendar';
import { configSchema, type RatchetConfig } from './configSchema';

export type { RatchetConfig } from './configSchema';

/** A configuration, and what of it was written; the rest are defaults. */
export interface ReadConfig {
  readonly config: RatchetConfig;
  readonly written: unknown;
}

function refuse(file: string, why: string): never {
  throw new Refused({ code: 'CONFIG_INVALID', message: `config ${file}: ${why}` });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return refuse(
      file,
      error instanceof SyntaxError ? `is not valid JSON (${error.message})` : 'cannot be read',
    );
  }
}

/** A rule beside the numbers of the rule it replaces would leave them without a meaning. */
function checkOneRule(file: string, written: unknown): void {
  const trailing = isRecord(written) ? written['trailing'] : undefined;
  if (!isRecord(trailing) || trailing['rule'] === undefined) return;
  const unused = ['follow', 'minDistance'].find((key) => key in trailing);
  if (unused !== undefined)
    refuse(
      file,
      `trailing.${unused} must not be set beside trailing.rule, which replaces it, was ${JSON.stringify(trailing[unused])}`,
    );
}

/** What the schemas cannot say of one section alone. */
function checkRelations(file: string, { config, written }: ReadConfig): void {
  checkOneRule(file, written);
  if (needsLogin(config.mode) && config.kiteUser === undefined)
    refuse(
      file,
      `kiteUser must name the user whose account it is, because mode is "${config.mode}"; it is not set`,
    );
  try {
    validateLimits(config.risk);
    readCalendar(config.calendar);
    standardPolicy(config.trailing, paise(1000), paise(5));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refuse(file, error.message);
  }
}

/** The folder of strategies is meant from where the configuration lies. */
function placed(config: RatchetConfig, file: string | undefined): RatchetConfig {
  const { strategies } = config;
  const folder = resolve(file === undefined ? '' : dirname(file), strategies.folder);
  return { ...config, strategies: { ...strategies, folder } };
}

/** The configuration and its source. @throws Refused CONFIG_INVALID in one sentence. */
export function readConfig(file?: string): ReadConfig {
  return configFrom(file === undefined ? {} : readJson(file), file ?? '(defaults)', file);
}

/**
 * What was written, checked. @param name what it is called. @param file where it lies; relative folders are meant from there.
 * @throws Refused CONFIG_INVALID in one sentence.
 */
export function configFrom(written: unknown, name: string, file?: string): ReadConfig {
  const parsed = configSchema.safeParse(written);
  if (!parsed.success)
    return refuse(name, issueSentence(configSchema, written, parsed.error.issues));
  const read = { config: placed(parsed.data, file), written };
  checkRelations(name, read);
  return read;
}

/** The configuration. @param file left out, the defaults. @throws Refused CONFIG_INVALID in one sentence. */
export const loadConfig = (file?: string): RatchetConfig => readConfig(file).config;
