// Answers to inputs seen before, least recently used out first. Each loaded version owns one, so an answer
// can never cross versions, and it goes when its version goes. The key is the exact bytes of the inputs: no
// hash, no collisions. Only checked answers are kept.
import type { Tensor } from '../protocol/datatypes';

/** Inputs above this are not cached: their key would cost more than it saves. */
const maxKeyBytes = 8_192;

export class ResultCache {
  readonly #maxEntries: number;
  readonly #entries = new Map<string, readonly Tensor[]>();

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  /** The key of these inputs; undefined when they are too large or caching is off. */
  keyOf(inputs: readonly Tensor[]): string | undefined {
    if (this.#maxEntries === 0) return undefined;
    let key = '';
    for (const { shape, values } of inputs) {
      if (values.byteLength > maxKeyBytes) return undefined;
      const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
      key += `${shape.join(',')};${bytes.toString('latin1')}`;
    }
    return key;
  }

  get(key: string): readonly Tensor[] | undefined {
    const found = this.#entries.get(key);
    if (found !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, found);
    }
    return found;
  }

  set(key: string, outputs: readonly Tensor[]): void {
    this.#entries.delete(key);
    this.#entries.set(key, outputs);
    if (this.#entries.size <= this.#maxEntries) return;
    const oldest = this.#entries.keys().next();
    if (oldest.done !== true) this.#entries.delete(oldest.value);
  }

  get size(): number {
    return this.#entries.size;
  }
}
