// Reads and checks the elements of one tensor: type, count, finiteness and declared range. The loops are
// written out for each representation, because they run for every number of every request.
import type { NestedNumbers, TensorContract } from '../repository/modelConfig';
import { datatypes, elementCount, isBigIntArray, type TensorValues } from './datatypes';
import { refused } from './errors';

type Side = 'input' | 'output';
type NumberValues = Exclude<TensorValues, BigInt64Array | BigUint64Array>;

/**
 * Elements from JSON `data`, flat or nested along the shape.
 * @throws Refused INPUT_INVALID naming the tensor and the first wrong element.
 */
export function readJsonValues(
  contract: TensorContract,
  shape: readonly number[],
  given: unknown,
): TensorValues {
  if (!Array.isArray(given)) throw invalid(contract, 'data must be an array of numbers');
  const count = elementCount(shape);
  const flat: readonly unknown[] = Array.isArray(given[0])
    ? flatten(contract, given, shape)
    : given;
  if (flat.length !== count) {
    throw invalid(contract, `has ${flat.length} elements, its shape needs ${count}`);
  }
  const values = datatypes[contract.datatype].create(count);
  fillFromNumbers(contract, values, flat);
  checkValues(contract, values, 'input');
  return values;
}

/**
 * Elements from raw little-endian bytes. They are copied, so that they are aligned and the body can be freed.
 */
export function readBinaryValues(
  contract: TensorContract,
  shape: readonly number[],
  bytes: Buffer,
): TensorValues {
  const { bytes: width, view } = datatypes[contract.datatype];
  const count = elementCount(shape);
  if (bytes.length !== count * width) {
    throw invalid(contract, `has ${bytes.length} bytes, its shape needs ${count * width}`);
  }
  const copy = new Uint8Array(bytes);
  const values = view(copy.buffer, 0, count);
  checkValues(contract, values, 'input');
  return values;
}

/** Elements of a golden case: from JSON, but already known to be numbers. */
export function goldenValues(contract: TensorContract, given: NestedNumbers): TensorValues {
  const flat: readonly unknown[] = given.flat(8);
  const values = datatypes[contract.datatype].create(flat.length);
  fillFromNumbers(contract, values, flat);
  return values;
}

/**
 * Checks every element against the contract: floats finite, numbers inside the declared range.
 * @throws Refused INPUT_INVALID (input) or OUTPUT_INVALID (output) naming the first element outside.
 */
export function checkValues(contract: TensorContract, values: TensorValues, side: Side): void {
  if (isBigIntArray(values)) {
    if (contract.min === undefined && contract.max === undefined) return;
    checkRange(contract, Float64Array.from(values, Number), side);
    return;
  }
  const bounded = typeof contract.min === 'number' && typeof contract.max === 'number';
  // With two bounds the range check also excludes what is not finite.
  if (!bounded && (values instanceof Float32Array || values instanceof Float64Array)) {
    for (let index = 0; index < values.length; index += 1) {
      if (!Number.isFinite(values[index])) throw wrongElement(contract, values, index, side);
    }
  }
  if (contract.min !== undefined || contract.max !== undefined) checkRange(contract, values, side);
}

function checkRange(contract: TensorContract, values: NumberValues, side: Side): void {
  const { min = -Infinity, max = Infinity } = contract;
  if (typeof min !== 'number' || typeof max !== 'number') {
    checkElementRanges(contract, values, side);
    return;
  }
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? NaN;
    if (!(value >= min && value <= max)) throw wrongElement(contract, values, index, side);
  }
}

function checkElementRanges(contract: TensorContract, values: NumberValues, side: Side): void {
  const width = elementCount(contract.shape.slice(1));
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? NaN;
    const low = boundAt(contract.min, index % width) ?? -Infinity;
    const high = boundAt(contract.max, index % width) ?? Infinity;
    if (!(value >= low && value <= high)) throw wrongElement(contract, values, index, side);
  }
}

function wrongElement(
  contract: TensorContract,
  values: TensorValues,
  index: number,
  side: Side,
): Error {
  const width = elementCount(contract.shape.slice(1).map((dimension) => Math.max(dimension, 1)));
  const low = boundAt(contract.min, index % width);
  const high = boundAt(contract.max, index % width);
  const allowed =
    low === undefined && high === undefined
      ? 'must be finite'
      : `must be finite and in [${low ?? '-inf'}, ${high ?? 'inf'}]`;
  const sentence = `${side} ${contract.name}[${index}] is ${String(values[index])}, ${allowed}.`;
  return refused(side === 'input' ? 'INPUT_INVALID' : 'OUTPUT_INVALID', sentence);
}

const boundAt = (
  bound: number | readonly number[] | undefined,
  index: number,
): number | undefined => (typeof bound === 'object' ? bound[index] : bound);

function fillFromNumbers(
  contract: TensorContract,
  values: TensorValues,
  flat: readonly unknown[],
): void {
  const { bounds } = datatypes[contract.datatype];
  const bigint = isBigIntArray(values);
  for (let index = 0; index < flat.length; index += 1) {
    const element = flat[index];
    const value = element === true ? 1 : element === false ? 0 : element;
    if (typeof value !== 'number' || (value !== element && contract.datatype !== 'BOOL')) {
      const shown = JSON.stringify(element ?? null).slice(0, 40);
      throw invalid(contract, `data[${index}] is ${shown}, must be a number`);
    }
    if (bounds !== undefined && !fitsInteger(value, bounds)) {
      const range = `a whole number in [${bounds[0]}, ${bounds[1]}]`;
      throw invalid(contract, `data[${index}] is ${value}, must be ${range}`);
    }
    if (bigint) values[index] = BigInt(value);
    else values[index] = value;
  }
}

const fitsInteger = (value: number, [low, high]: readonly [number, number]): boolean =>
  Number.isInteger(value) && value >= low && value <= high;

/** Flattens nested data and checks every level against the shape, so that ragged rows are refused. */
function flatten(
  contract: TensorContract,
  given: readonly unknown[],
  shape: readonly number[],
): unknown[] {
  const [length = 0, ...rest] = shape;
  if (given.length !== length) {
    throw invalid(
      contract,
      `nested data has ${given.length} entries where its shape says ${length}`,
    );
  }
  if (rest.length === 0) return [...given];
  return given.flatMap((entry) => {
    if (!Array.isArray(entry)) throw invalid(contract, 'nested data does not follow its shape');
    return flatten(contract, entry, rest);
  });
}

const invalid = (contract: TensorContract, sentence: string): Error =>
  refused('INPUT_INVALID', `input ${contract.name} ${sentence}.`);
