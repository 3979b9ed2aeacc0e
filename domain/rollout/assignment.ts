// Which version a key gets. The key's place in [0, 1) depends on salt and key alone, and a canary takes the
// places below its share. So a larger share adds keys and moves none back, and another salt shuffles all. The
// hash is MurmurHash3 (32 bit, x86): even, fast, and not secret.

const c1 = 0xcc9e2d51;
const c2 = 0x1b873593;

/** The key's fixed place in [0, 1) under this salt. */
export function placeOf(salt: string, key: string): number {
  return murmur3(`${salt}:${key}`) / 0x1_0000_0000;
}

/** Whether a key belongs to the canary while it takes `share` (0…1) of the traffic. */
export const inCanary = (salt: string, key: string, share: number): boolean =>
  placeOf(salt, key) < share;

/** MurmurHash3 over UTF-16 code units, two bytes each, so that every string hashes in one way. */
function murmur3(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index += 2) {
    const low = text.charCodeAt(index);
    const high = index + 1 < text.length ? text.charCodeAt(index + 1) : 0;
    hash = mix(hash, low | (high << 16));
  }
  return finish(hash ^ (text.length * 2));
}

function mix(hash: number, block: number): number {
  const scrambled = Math.imul(rotateLeft(Math.imul(block, c1), 15), c2);
  return Math.imul(rotateLeft(hash ^ scrambled, 13), 5) + 0xe6546b64;
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const rotateLeft = (value: number, bits: number): number =>
  (value << bits) | (value >>> (32 - bits));
