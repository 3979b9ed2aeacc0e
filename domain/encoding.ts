// Which encoding a text says it is in, and where its bytes are not of it.

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** What a byte-order mark says; undefined without one. */
export function markedEncoding([first, second, third]: Uint8Array): Encoding | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/**
 * The place of the first byte that cannot stand in the encoding, counted from 0. A character that is cut off counts
 * from its first byte. Undefined for a text that is of the encoding.
 */
export function firstBadByte(bytes: Uint8Array, encoding: Encoding = 'utf-8'): number | undefined {
  const isWhole = (length: number): boolean => decodes(bytes.subarray(0, length), encoding, false);
  const canGoOn = (length: number): boolean => decodes(bytes.subarray(0, length), encoding, true);
  if (isWhole(bytes.length)) return undefined;
  // Every beginning up to a bad byte can still become a text, and none beyond it.
  let [sound, bad] = [0, bytes.length + 1];
  while (bad - sound > 1) {
    const middle = Math.floor((sound + bad) / 2);
    if (canGoOn(middle)) sound = middle;
    else bad = middle;
  }
  let start = Math.min(sound, bytes.length);
  while (!isWhole(start)) start -= 1;
  return start;
}

function decodes(bytes: Uint8Array, encoding: Encoding, stream: boolean): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
}
