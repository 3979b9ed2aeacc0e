// The doors through which candle files come in: commands as the command line runs them, and the exchange over HTTP.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Command } from 'commander';
import { indicatorsCommand } from '../../cli/commands/indicators';
import { paise } from '../../domain/units';
import { noLimits } from '../../exchange/rest/rateLimits';
import { startPaperExchange } from '../../exchange/start';
import { kiteClient } from '../exchange/support';

export type Encoding =
  'utf-8' | 'utf-8-mark' | 'utf-16le' | 'utf-16le-mark' | 'utf-16be-mark' | 'latin1';

/** The text as the bytes of a file. */
export function encoded(text: string, encoding: Encoding): Buffer {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text);
    case 'utf-8-mark':
      return Buffer.from(`\uFEFF${text}`);
    case 'utf-16le':
      return Buffer.from(text, 'utf16le');
    case 'utf-16le-mark':
      return Buffer.from(`\uFEFF${text}`, 'utf16le');
    case 'utf-16be-mark':
      return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
    case 'latin1':
      return Buffer.from(text, 'latin1');
  }
}

/** A folder of its own. */
export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'ratchet-candles-'));

/** A folder that has this one file. */
export function folderWith(name: string, bytes: Buffer, packed: boolean): string {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), packed ? gzipSync(bytes) : bytes);
  return folder;
}

/** What a command printed; a refusal rejects with its sentence. */
export async function printed(
  command: Command,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const texts = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    jest.spyOn(process[stream], 'write').mockImplementation((text) => {
      texts[stream] += String(text);
      return true;
    }),
  );
  try {
    await command.parseAsync([...args], { from: 'user' });
    return texts;
  } finally {
    spies.forEach((spy) => spy.mockRestore());
  }
}

/** `ratchet indicators`: the rows it writes, and what it says. */
export async function indicatorRows(
  file: string,
): Promise<{ readonly rows: readonly string[][]; readonly said: string }> {
  const out = join(newFolder(), 'out.csv');
  const { stderr } = await printed(indicatorsCommand, [file, '--out', out]);
  const [, ...lines] = readFileSync(out, 'utf8').trimEnd().split('\n');
  return { rows: lines.map((line) => line.split(',')), said: stderr };
}

/** What a replay of the folder tells a Kite client of the days before the date. */
export async function replayedHistory(folder: string, date: string): Promise<readonly object[]> {
  const paper = await startPaperExchange({
    date,
    source: { kind: 'replay', directory: folder },
    ...{ speed: 1, held: true, openingCash: paise(100), limits: noLimits },
  });
  try {
    const kite = kiteClient(paper);
    const token = paper.exchange.source.listings[0]?.instrumentToken ?? 0;
    return await kite.getHistoricalData(token, 'minute', '2021-04-01 00:00:00', `${date} 00:00:00`);
  } finally {
    await paper.close();
  }
}
