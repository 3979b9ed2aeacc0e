// Secrets come from a private file named by NAME_FILE or from the environment, and from nowhere else.
import { readFileSync, statSync } from 'node:fs';
import { Fatal } from '../domain/errors';
import type { SecretName } from './environment/variables';

/** The secret, or undefined. @throws Fatal when its file can be read by others. */
export function readSecret(name: SecretName): string | undefined {
  const file = process.env[`${name}_FILE`];
  if (file === undefined) return process.env[name];
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new Fatal({
      code: 'SECRET_EXPOSED',
      message: `${name}_FILE must be readable by its owner only (mode 600)`,
    });
  }
  return readFileSync(file, 'utf8').trim();
}

/** @throws Fatal naming the variable to set. */
export function requireSecret(name: SecretName): string {
  const value = readSecret(name);
  if (value === undefined || value === '') {
    throw new Fatal({ code: 'SECRET_MISSING', message: `set ${name} or ${name}_FILE` });
  }
  return value;
}
