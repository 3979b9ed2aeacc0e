// Watches a version over many answers. A model that gives the same answer to every input is broken, though
// each answer keeps its contract. Cached answers are not counted, so the inputs watched differ.
import type { Tensor } from '../protocol/datatypes';
import type { TensorContract } from '../repository/modelConfig';

export class SanityWatch {
  readonly #window: number | undefined;
  #last: number | undefined;
  #repeats = 0;

  /**
   * @param window how many answers in a row may be equal to the last bit; undefined switches the check off.
   */
  constructor(window: number | undefined) {
    this.#window = window;
  }

  /** A complaint in words once the answer has not changed over a whole window. */
  observe(score: number): string | undefined {
    if (this.#window === undefined) return undefined;
    this.#repeats = score === this.#last ? this.#repeats + 1 : 1;
    this.#last = score;
    if (this.#repeats < this.#window) return undefined;
    return `it answered ${score} to ${this.#repeats} different inputs in a row`;
  }
}

/** The number by which a model's answer is watched: the last element of its first output. */
export const scoreOf = (outputs: readonly Tensor[]): number =>
  Number(outputs[0]?.values.at(-1) ?? NaN);

/** The middle of the declared range; 0 for an unbounded score. */
export function middleOf({ min, max }: TensorContract): number {
  const low = typeof min === 'object' ? min.at(-1) : min;
  const high = typeof max === 'object' ? max.at(-1) : max;
  return low === undefined || high === undefined ? 0 : (low + high) / 2;
}

/**
 * Where a score lies between the declared bounds, 0…1. Unbounded scores are squashed around 0. The last
 * element unless one is named.
 */
export function placeInRange({ min, max }: TensorContract, score: number, element = -1): number {
  const low = typeof min === 'object' ? min.at(element) : min;
  const high = typeof max === 'object' ? max.at(element) : max;
  if (low !== undefined && high !== undefined && high > low) return (score - low) / (high - low);
  return 0.5 + score / (2 * (1 + Math.abs(score)));
}
