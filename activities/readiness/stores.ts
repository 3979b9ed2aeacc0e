// Where the account's state lies: can it be written, and does it outlive the machine's power?
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { FolderFact } from '../../domain/readiness';

/** Kinds of file systems that live in memory, as `statfs` numbers them: tmpfs and ramfs. */
const inMemory: readonly number[] = [0x01021994, 0x858458f6];

/** Writes a file, down to the disk, and removes it. @throws Error of the system where that fails. */
export async function readFolder(path: string): Promise<FolderFact> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const file = join(path, `check-${process.pid}`);
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile('written by `ratchet check`\n');
    await handle.sync();
  } finally {
    await handle.close();
    await rm(file, { force: true });
  }
  const { type, bavail, bsize } = await statfs(path);
  return { path, isInMemory: inMemory.includes(type), freeBytes: bavail * bsize };
}

/** Writes a row and takes it back. @throws Error of the database where that fails. */
export async function readDatabase(pool: Pool): Promise<{ readonly isDurable: boolean }> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('create temp table check_write (at bigint)');
    await client.query('insert into check_write values ($1)', [Date.now()]);
    await client.query('rollback');
    const { rows } = await client.query<{ fsync: string; commit: string }>(
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`,
    );
    return { isDurable: rows.every(({ fsync, commit }) => fsync === 'on' && commit !== 'off') };
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
