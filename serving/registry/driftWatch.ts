// Watches whether a version's inputs or outputs have moved away from what they were when the version began:
// the stability index of the last window against the first, per element, of which the worst counts. It warns
// and decides nothing. It looks at one request in eight, so that it costs the hot path almost nothing.
import { stabilityIndex } from '../../domain/rollout/drift';
import type { Tensor } from '../protocol/datatypes';
import type { TensorContract } from '../repository/modelConfig';
import { placeInRange } from './sanityWatch';

const bins = 10;
const everyNth = 8;
/** Requests looked at, in the reference and in each window after it. */
const windowSize = 500;
/** Elements of the first row that are watched. */
const maxElements = 64;

export class DriftWatch {
  readonly #contract: TensorContract | undefined;
  #reference: number[][] | undefined;
  #window: number[][] = [];
  #seen = 0;
  #counted = 0;
  #index: number | undefined;

  /** @param contract of the tensor that is watched. */
  constructor(contract: TensorContract | undefined) {
    this.#contract = contract;
  }

  /** The worst element's stability index of the last whole window; undefined before there is one. */
  get index(): number | undefined {
    return this.#index;
  }

  observe(tensor: Tensor | undefined): void {
    this.#seen += 1;
    if (this.#seen % everyNth !== 0 || tensor === undefined || this.#contract === undefined) return;
    const rows = Math.max(tensor.shape[0] ?? 1, 1);
    const width = Math.min(tensor.values.length / rows, maxElements);
    for (let element = 0; element < width; element += 1) {
      const place = placeInRange(this.#contract, Number(tensor.values[element]), element);
      const bin = Math.min(Math.max(Math.floor(place * bins), 0), bins - 1);
      const counts = (this.#window[element] ??= new Array<number>(bins).fill(0));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    this.#counted += 1;
    if (this.#counted === windowSize) this.#close();
  }

  #close(): void {
    const reference = this.#reference;
    if (reference !== undefined) {
      const indices = this.#window.map((counts, element) =>
        stabilityIndex(reference[element] ?? [], counts, windowSize),
      );
      this.#index = indices.reduce<number>((worst, each) => Math.max(worst, each ?? 0), 0);
    }
    this.#reference ??= this.#window;
    this.#window = [];
    this.#counted = 0;
  }
}
