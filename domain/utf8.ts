// Where a text that is said to be UTF-8 is not.

/**
 * The place of the first byte that cannot stand in UTF-8, counted from 0. A character that is cut off counts from its
 * first byte. Undefined for a text that is UTF-8.
 */
export function firstBadByte(bytes: Uint8Array): number | undefined {
  if (isWhole(bytes)) return undefined;
  // Every beginning up to a bad byte can still become UTF-8, and none beyond it.
  let [sound, bad] = [0, bytes.length + 1];
  while (bad - sound > 1) {
    const middle = Math.floor((sound + bad) / 2);
    if (canGoOn(bytes.subarray(0, middle))) sound = middle;
    else bad = middle;
  }
  let start = Math.min(sound, bytes.length);
  while (!isWhole(bytes.subarray(0, start))) start -= 1;
  return start;
}

const decodes = (bytes: Uint8Array, stream: boolean): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
};

const isWhole = (bytes: Uint8Array): boolean => decodes(bytes, false);
const canGoOn = (bytes: Uint8Array): boolean => decodes(bytes, true);
