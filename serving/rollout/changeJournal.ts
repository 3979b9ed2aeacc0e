// The record of who changed the answering version, when and why: one JSON line per change, appended and
// synced before the call returns. Read at start, it tells which version was stable when the server ended, so
// a restart never promotes a version that merely lies in the folder. A rollout that was running is not
// resumed: its evidence is gone, and its candidate takes no traffic until someone starts it again.
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Fatal } from '../../domain/errors';
import { parsedJson } from '../../domain/json';
import type { ChangeRecord, RolloutChange } from './rolloutChange';

const lineSchema = z.looseObject({ model: z.string(), stable: z.string() });

export class ChangeJournal implements ChangeRecord {
  readonly #path: string;

  /**
   * @param folder created when absent. A last line cut off by a crash is removed, since its change was never
   * acknowledged.
   */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, 'changes.jsonl');
    const text = this.#text();
    if (text !== '' && !text.endsWith('\n')) {
      truncateSync(this.#path, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)));
    }
  }

  /**
   * A full disk must not stop the guard from dropping a bad candidate, so the failure is reported, not
   * thrown.
   */
  append(change: RolloutChange): void {
    try {
      this.#write(change);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      process.stderr.write(`change not recorded: ${reason}: ${JSON.stringify(change)}\n`);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #write(change: RolloutChange): void {
    const file = openSync(this.#path, 'a');
    try {
      appendFileSync(file, `${JSON.stringify(change)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  /**
   * The stable version per model after the last change.
   * @throws Fatal naming the line that can not be read.
   */
  async stableVersions(): Promise<ReadonlyMap<string, string>> {
    await Promise.resolve();
    const stable = new Map<string, string>();
    for (const [index, line] of this.#text().split('\n').slice(0, -1).entries()) {
      const parsed = lineSchema.safeParse(parsedJson(line));
      if (parsed.success) stable.set(parsed.data.model, parsed.data.stable);
      else {
        const message = `${this.#path} line ${index + 1} is not a recorded change.`;
        throw new Fatal({ code: 'JOURNAL_BROKEN', message });
      }
    }
    return stable;
  }

  #text(): string {
    try {
      return readFileSync(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  }
}
