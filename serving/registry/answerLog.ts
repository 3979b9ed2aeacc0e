// The bytes of the result cache: one ring of 32-bit words with an open-addressed index, so that an entry is
// not an object. Thousands of answers kept as objects survive every young collection and are copied by it
// twice, which was half of the pauses and a fifth of the throughput (docs/serving.md). Entries are appended
// at the head and dropped at the tail, oldest first. An entry found in the older half is appended again, so
// the dropped ones are those that were not asked for lately.

/** Words before an entry's key: hash, words of the key, words of the value, words of the whole entry. */
const headerWords = 4;

/** The first `length` words of an array. */
export interface Words {
  readonly words: Uint32Array;
  readonly length: number;
}

export class AnswerLog {
  readonly #words: Uint32Array;
  /** Place + 1 of each entry in `#words`, by its hash, with linear probing; 0 is empty. */
  readonly #index: Uint32Array;
  readonly #maxEntries: number;
  #head = 0;
  #tail = 0;
  /** Words between tail and head. */
  #used = 0;
  #size = 0;

  /** @param capacityWords rounded up to whole headers. */
  constructor(maxEntries: number, capacityWords: number) {
    this.#maxEntries = maxEntries;
    this.#words = new Uint32Array(roundUp(capacityWords));
    this.#index = new Uint32Array(2 ** Math.ceil(Math.log2(maxEntries * 2 + 1)));
  }

  /** Entries that can be found. */
  get size(): number {
    return this.#size;
  }

  /** A view of the value of this key, valid until the next call; undefined when the key is absent. */
  find(key: Words): Uint32Array | undefined {
    const place = (this.#index[this.#slotOf(key, hashOf(key))] ?? 0) - 1;
    if (place < 0) return undefined;
    const start = place + headerWords + key.length;
    const value = this.#words.subarray(start, start + (this.#words[place + 2] ?? 0));
    const age = (this.#head - place + this.#words.length) % this.#words.length;
    if (age > this.#words.length / 2) {
      const kept = value.slice();
      this.put(key, { words: kept, length: kept.length });
      return kept;
    }
    return value;
  }

  /** Stores the value under the key. One larger than half the ring is not stored. */
  put(key: Words, value: Words): void {
    const length = roundUp(headerWords + key.length + value.length);
    if (length > this.#words.length / 2) return;
    const hash = hashOf(key);
    this.#forget(this.#slotOf(key, hash));
    while (this.#size >= this.#maxEntries) this.#dropOldest();
    this.#makeRoom(length);
    const place = this.#head;
    this.#words[place] = hash;
    this.#words[place + 1] = key.length;
    this.#words[place + 2] = value.length;
    this.#words[place + 3] = length;
    this.#copy(key, place + headerWords);
    this.#copy(value, place + headerWords + key.length);
    this.#advanceHead(length);
    this.#index[this.#slotOf(key, hash)] = place + 1;
    this.#size += 1;
  }

  #copy({ words, length }: Words, to: number): void {
    for (let word = 0; word < length; word += 1) this.#words[to + word] = words[word] ?? 0;
  }

  /**
   * Frees this many words at the head. Where the end of the ring is too near, the rest before it is skipped.
   */
  #makeRoom(words: number): void {
    const untilEnd = this.#words.length - this.#head;
    if (untilEnd < words) {
      while (this.#words.length - this.#used < untilEnd) this.#dropOldest();
      this.#words[this.#head] = 0;
      this.#words[this.#head + 3] = untilEnd;
      this.#advanceHead(untilEnd);
    }
    while (this.#words.length - this.#used < words) this.#dropOldest();
  }

  #advanceHead(words: number): void {
    this.#head = (this.#head + words) % this.#words.length;
    this.#used += words;
  }

  #dropOldest(): void {
    const place = this.#tail;
    const words = this.#words[place + 3] ?? 0;
    const mask = this.#index.length - 1;
    let slot = (this.#words[place] ?? 0) & mask;
    for (let entry = this.#index[slot]; entry; entry = this.#index[slot]) {
      if (entry === place + 1) break;
      slot = (slot + 1) & mask;
    }
    // The slot is empty for a skipped stretch, and for an entry that was appended again.
    this.#forget(slot);
    this.#tail = (place + words) % this.#words.length;
    this.#used -= words;
  }

  /** The slot that holds the key, or the empty one where it would go. */
  #slotOf(key: Words, hash: number): number {
    const mask = this.#index.length - 1;
    let slot = hash & mask;
    for (let entry = this.#index[slot]; entry; entry = this.#index[slot]) {
      if (this.#words[entry - 1] === hash && this.#holds(entry - 1, key)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #holds(place: number, { words, length }: Words): boolean {
    if (this.#words[place + 1] !== length) return false;
    const start = place + headerWords;
    for (let word = 0; word < length; word += 1) {
      if (this.#words[start + word] !== words[word]) return false;
    }
    return true;
  }

  /** Empties a slot and closes the gap, so that every later entry of its run is still found. */
  #forget(slot: number): void {
    if (this.#index[slot] === 0) return;
    const mask = this.#index.length - 1;
    let gap = slot;
    for (let next = (gap + 1) & mask; ; next = (next + 1) & mask) {
      const entry = this.#index[next] ?? 0;
      if (entry === 0) break;
      const home = (this.#words[entry - 1] ?? 0) & mask;
      if (((next - home) & mask) >= ((next - gap) & mask)) {
        this.#index[gap] = entry;
        gap = next;
      }
    }
    this.#index[gap] = 0;
    this.#size -= 1;
  }
}

const roundUp = (words: number): number => Math.ceil(words / headerWords) * headerWords;

/** MurmurHash3 (32 bits) without its tail: every bit of every word reaches the low bits, which the index takes. */
function hashOf({ words, length }: Words): number {
  let hash = length;
  for (let word = 0; word < length; word += 1) {
    const mixed = Math.imul(words[word] ?? 0, 0xcc_9e_2d_51);
    hash ^= Math.imul((mixed << 15) | (mixed >>> 17), 0x1b_87_35_93);
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6_54_6b_64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
