// Secrets come from a private file named by NAME_FILE or from the environment, and from nowhere else. What is loaded is
// known here by its value, so that it can be taken out of what a process says.
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { inspect } from 'node:util';
import { Fatal } from '../domain/errors';
import { Secret } from '../domain/secret';
import type { SecretName } from './environment/variables';

const loaded = new Set<string>();
/** Shorter ones are words that stand in ordinary lines. */
const lengthMin = 8;

/** A secret whose value no log of this process will hold. Several may be in one text, with blanks or commas between them. */
export function keptSecret(value: string): Secret {
  for (const part of value.split(/[\s,]+/)) if (part.length >= lengthMin) loaded.add(part);
  return new Secret(value);
}

/** Keeps the password of an address out of the log. @returns the address. */
export function keptAddress(address: string): string {
  const { password } = URL.canParse(address) ? new URL(address) : { password: '' };
  keptSecret(password);
  keptSecret(decodeURIComponent(password));
  return address;
}

/** The secret; undefined where it is not set. @throws Fatal when its file can be read by others. */
export function readSecret(
  name: SecretName,
  environment: NodeJS.ProcessEnv = process.env,
): Secret | undefined {
  const value = valueOf(name, environment);
  return value === undefined || value === '' ? undefined : keptSecret(value);
}

function valueOf(name: SecretName, environment: NodeJS.ProcessEnv): string | undefined {
  const file = environment[`${name}_FILE`];
  return file === undefined ? environment[name] : readPrivateFile(`${name}_FILE`, file).trim();
}

/**
 * The text of a file that only its owner can read. @param named what names the file, for messages.
 * @throws Fatal when it cannot be read, or can be read by others.
 */
export function readPrivateFile(named: string, file: string): string {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  if (mode !== undefined && (mode & 0o077) !== 0) {
    throw new Fatal({
      code: 'SECRET_EXPOSED',
      message: `${named} must be readable by its owner only (mode 600)`,
    });
  }
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Fatal({
      code: 'SECRET_UNREADABLE',
      message: `${named} names a file that can not be read`,
    });
  }
}

/** @throws Fatal naming the variable to set. */
export function requireSecret(name: SecretName): Secret {
  const value = readSecret(name);
  if (value === undefined) {
    throw new Fatal({ code: 'SECRET_MISSING', message: `set ${name} or ${name}_FILE` });
  }
  return value;
}

/** A token made up for a run. */
export const newToken = (): string => randomBytes(16).toString('hex');

/** The text without the value of any loaded secret. */
export function redacted(text: string): string {
  let safe = text;
  for (const value of loaded) safe = safe.replaceAll(value, '[secret]');
  return safe;
}

/**
 * Takes loaded secrets out of everything this process writes to the streams, its last words included. It is the second
 * line: what is said should not hold one.
 */
export function guardOutput(streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) {
    const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
    stream.write = (chunk: unknown, ...rest: unknown[]): boolean =>
      write(typeof chunk === 'string' ? redacted(chunk) : chunk, ...rest);
  }
  // Node prints an error that nobody caught past the stream.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${inspect(error)}\n`);
    process.exit(1);
  });
}
