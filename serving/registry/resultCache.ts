// Answers to inputs that were seen before; those not asked for lately are dropped first. Each loaded version
// has its own cache, so answers never cross versions, and the cache ends with its version. The key is the
// exact bytes of the inputs; a hash only finds the place. Only checked answers are stored.
import { datatypes, elementCount, type Datatype, type Tensor } from '../protocol/datatypes';
import { AnswerLog, type Words } from './answerLog';

/** Inputs and outputs of more words than this are not cached: they would cost more than they save. */
const maxWords = 2_048;
/** Space per entry. Larger entries are stored too, but fewer of them. */
const wordsPerEntry = 256;

export class ResultCache {
  readonly #log: AnswerLog | undefined;
  /** Names and types of the outputs, the same in every answer of a version. */
  #outputs: readonly { readonly name: string; readonly datatype: Datatype }[] = [];

  /** @param maxEntries 0 turns the cache off. */
  constructor(maxEntries: number) {
    if (maxEntries > 0) {
      this.#log = new AnswerLog(maxEntries, Math.max(4 * maxWords, maxEntries * wordsPerEntry));
    }
  }

  /** The answer to these inputs, as tensors of its own. */
  get(inputs: readonly Tensor[]): readonly Tensor[] | undefined {
    if (this.#log === undefined || !keyScratch.fill(inputs)) return undefined;
    const found = this.#log.find(keyScratch);
    return found === undefined ? undefined : this.#tensorsOf(found);
  }

  set(inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
    if (this.#log === undefined || !keyScratch.fill(inputs) || !valueScratch.fill(outputs)) return;
    if (this.#outputs.length === 0) {
      this.#outputs = outputs.map(({ name, datatype }) => ({ name, datatype }));
    }
    this.#log.put(keyScratch, valueScratch);
  }

  #tensorsOf(words: Uint32Array): readonly Tensor[] {
    let at = 0;
    return this.#outputs.map(({ name, datatype }) => {
      const rank = words[at] ?? 0;
      const shape = Array.from(words.subarray(at + 1, at + 1 + rank));
      const { bytes, view } = datatypes[datatype];
      const count = elementCount(shape);
      const start = at + 1 + rank;
      at = start + Math.ceil((count * bytes) / 4);
      return { name, datatype, shape, values: view(words.slice(start, at).buffer, 0, count) };
    });
  }
}

/** Tensors as words, in an array that is overwritten for every request. */
class Scratch implements Words {
  readonly words = new Uint32Array(maxWords);
  readonly #bytes = new Uint8Array(this.words.buffer);
  length = 0;

  /** Writes rank, dimensions and elements of every tensor, each on a new word; false when they do not fit. */
  fill(tensors: readonly Tensor[]): boolean {
    this.length = 0;
    for (const { shape, values } of tensors) {
      const { buffer, byteOffset, byteLength } = values;
      const elements = this.length + 1 + shape.length;
      const end = elements + Math.ceil(byteLength / 4);
      if (end > maxWords) return false;
      this.words[this.length] = shape.length;
      for (let axis = 0; axis < shape.length; axis += 1) {
        this.words[this.length + 1 + axis] = shape[axis] ?? 0;
      }
      // The last word may be partly filled.
      if (end > elements) this.words[end - 1] = 0;
      this.#bytes.set(new Uint8Array(buffer, byteOffset, byteLength), elements * 4);
      this.length = end;
    }
    return true;
  }
}

const keyScratch = new Scratch();
const valueScratch = new Scratch();
