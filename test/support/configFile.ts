// A configuration as `ratchet config check` reads it: from a file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type ReadConfig } from '../../infra/config/config';

/** @throws Refused CONFIG_INVALID, without the file's name, which is another each time. */
export function readWritten(value: unknown): ReadConfig {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-config-'));
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(value));
  try {
    return readConfig(file);
  } catch (error) {
    throw new Error((error as Error).message.replace(`config ${file}: `, ''), { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is refused, in words; 'accepted' where nothing is. */
export function refusalOf(value: unknown): string {
  try {
    readWritten(value);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}
