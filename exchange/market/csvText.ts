// The text of a file that people bring, whatever program wrote it: packed or not, UTF-8 or UTF-16. A byte that no
// such text has is refused, since one guessed wrongly is another number.
import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { refuseFile } from '../../domain/candleFile';
import { firstBadByte, markedEncoding, type Encoding } from '../../domain/encoding';
import { wordsOf } from '../../domain/errors';

/** A text above this is no file of candles. */
const bytesMax = 400_000_000;

export interface CsvText {
  /** With `\n` after every line, the last included. */
  readonly text: string;
  /** Had the last line a line end of its own? */
  readonly isEnded: boolean;
}

/** @throws Refused REPLAY_FILE or CANDLE_FILE naming the file. */
export function csvText(file: string): CsvText {
  const bytes = unpacked(file, bytesOf(file));
  if (bytes.length > bytesMax)
    refuseFile(`"${file}" has ${bytes.length} bytes: it must have at most ${bytesMax}`);
  const text = decoded(file, bytes);
  const lines = text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
  const nul = lines.indexOf('\0');
  if (nul >= 0)
    refuseFile(
      `"${file}" line ${lineAt(lines, nul)} has a NUL byte: it must be text in UTF-8, or in UTF-16 with a byte-order mark`,
    );
  if (lines.trim() === '')
    refuseFile(`"${file}" is empty: it must have a header in line 1 and rows below it`);
  const isEnded = lines.endsWith('\n');
  return { text: isEnded ? lines : `${lines}\n`, isEnded };
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

function bytesOf(file: string): Buffer {
  try {
    if (statSync(file).isDirectory())
      refuseFile(`"${file}" is a folder: it must be a file of rows`, 'REPLAY_FILE');
    return readFileSync(file);
  } catch (error) {
    return unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): never {
  return refuseFile(`"${file}" cannot be read: ${wordsOf(error)}`, 'REPLAY_FILE');
}

const isPacked = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function unpacked(file: string, bytes: Buffer): Buffer {
  if (!isPacked(bytes)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: bytesMax });
  } catch (error) {
    return unreadable(file, error);
  }
}

function decoded(file: string, bytes: Buffer): string {
  // UTF-16 only where its mark says so.
  const encoding = markedEncoding(bytes) ?? 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const [line, column] = placeOfWrongByte(bytes, encoding);
    return refuseFile(
      `"${file}" line ${line}, character ${column} is not ${encoding.toUpperCase()}: it must be text in UTF-8, or in UTF-16 with a byte-order mark`,
    );
  }
}

/** Line and character at which the text first is not what its encoding allows. */
function placeOfWrongByte(bytes: Buffer, encoding: Encoding): readonly [number, number] {
  const sound = bytes.subarray(0, firstBadByte(bytes, encoding));
  const before = new TextDecoder(encoding).decode(sound).split(/\r\n?|\n/);
  return [before.length, (before.at(-1)?.length ?? 0) + 1];
}
