// Secrets come from a private file named by NAME_FILE or from the environment, and from nowhere else.
import { readFileSync, statSync } from 'node:fs';
import { Fatal } from '../domain/errors';
import type { SecretName } from './environment/variables';

/** The secret, or undefined. @throws Fatal when its file cannot be read, or can be read by others. */
export function readSecret(
  name: SecretName,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
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
export function requireSecret(name: SecretName): string {
  const value = readSecret(name);
  if (value === undefined || value === '') {
    throw new Fatal({ code: 'SECRET_MISSING', message: `set ${name} or ${name}_FILE` });
  }
  return value;
}
