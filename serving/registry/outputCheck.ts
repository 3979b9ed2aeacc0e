// Checks a model against its declaration: the graph's signature at load, its golden cases before it is ready,
// and every answer while it serves. onnxruntime gives NaN without an error, and none may leave.
import { elementCount, type Datatype, type Tensor } from '../protocol/datatypes';
import { refused } from '../protocol/errors';
import { checkValues, goldenValues } from '../protocol/tensorValues';
import type { GoldenCase, ModelConfig, TensorContract } from '../repository/modelConfig';
import type { RuntimeSignature, ScorerReady } from '../scorer/session';

const sumTolerance = 1e-3;

/** @throws Refused MODEL_REFUSED when the graph's inputs or outputs are not those declared. */
export function checkSignature(config: ModelConfig, ready: ScorerReady): void {
  matchSide(config.name, 'input', config.inputs, ready.inputs);
  matchSide(config.name, 'output', config.outputs, ready.outputs);
}

function matchSide(
  model: string,
  side: 'input' | 'output',
  declared: readonly TensorContract[],
  actual: readonly RuntimeSignature[],
): void {
  const names = actual.map((tensor) => tensor.name);
  for (const { name } of actual) {
    if (side === 'input' && !declared.some((tensor) => tensor.name === name)) {
      throw mismatch(model, `the graph's input ${name} is not declared`);
    }
  }
  for (const tensor of declared) {
    const found = actual.find(({ name }) => name === tensor.name);
    if (found === undefined) {
      throw mismatch(
        model,
        `${side} ${tensor.name} is not in the graph, which has ${names.join(', ')}`,
      );
    }
    if (found.datatype !== tensor.datatype) {
      throw mismatch(model, `${side} ${tensor.name} is ${found.datatype} in the graph`);
    }
    if (found.shape.length > 0 && !shapesAgree(tensor.shape, found.shape)) {
      throw mismatch(
        model,
        `${side} ${tensor.name} has shape [${found.shape.join(',')}] in the graph`,
      );
    }
  }
}

/** A free dimension of the graph fits any declared one. */
const shapesAgree = (declared: readonly number[], actual: readonly number[]): boolean =>
  declared.length === actual.length &&
  actual.every((dimension, axis) => dimension === -1 || dimension === declared[axis]);

const mismatch = (model: string, sentence: string): Error =>
  refused('MODEL_REFUSED', `Model ${model} does not fit its config.json: ${sentence}.`);

/**
 * Checks one answer against the contract: present, typed, shaped, finite, in range, summing as declared.
 * @returns the declared outputs in the declared order.
 * @throws Refused OUTPUT_INVALID naming the output and the first element outside.
 */
export function checkOutputs(
  config: ModelConfig,
  rows: number,
  outputs: readonly Tensor[],
): readonly Tensor[] {
  return config.outputs.map((contract) => {
    const output = outputs.find(({ name }) => name === contract.name);
    if (output?.datatype !== contract.datatype) {
      throw refused('OUTPUT_INVALID', `output ${contract.name} is missing or of a wrong type.`);
    }
    const shape = contract.shape.map((dimension, axis) =>
      axis === 0 && config.batchable ? rows : dimension,
    );
    if (!shapesAgree(output.shape, shape)) {
      const got = output.shape.join(',');
      throw refused('OUTPUT_INVALID', `output ${contract.name} has shape [${got}].`);
    }
    checkValues(contract, output.values, 'output');
    if (contract.sumTo !== undefined) checkSums(contract, contract.sumTo, output);
    return output;
  });
}

function checkSums(contract: TensorContract, sumTo: number, output: Tensor): void {
  const width = elementCount(output.shape.slice(1));
  for (let start = 0; start < output.values.length; start += width) {
    let sum = 0;
    for (let index = start; index < start + width; index += 1) sum += Number(output.values[index]);
    if (!(Math.abs(sum - sumTo) <= sumTolerance)) {
      const row = start / width;
      throw refused(
        'OUTPUT_INVALID',
        `output ${contract.name} row ${row} sums to ${sum}, not ${sumTo}.`,
      );
    }
  }
}

/** The inputs of a golden case as tensors. @throws Refused MODEL_REFUSED when they do not fit. */
export function goldenInputs(config: ModelConfig, golden: GoldenCase): readonly Tensor[] {
  return config.inputs.map((contract) => {
    const given = golden.inputs[contract.name];
    if (given === undefined) throw mismatch(config.name, `a golden case lacks ${contract.name}`);
    const values = goldenValues(contract, given);
    return {
      name: contract.name,
      datatype: contract.datatype,
      ...shaped(config, contract, values),
    };
  });
}

function shaped(
  config: ModelConfig,
  contract: TensorContract,
  values: Tensor['values'],
): Pick<Tensor, 'shape' | 'values'> {
  const free = contract.shape.filter((dimension) => dimension === -1).length;
  const fixed = elementCount(contract.shape.filter((dimension) => dimension !== -1));
  const length = values.length / fixed;
  if (free > 1 || !Number.isInteger(length) || length < 1 || (free === 0 && length !== 1)) {
    throw mismatch(config.name, `a golden case's ${contract.name} does not fill its shape`);
  }
  return {
    shape: contract.shape.map((dimension) => (dimension === -1 ? length : dimension)),
    values,
  };
}

/** @throws Refused MODEL_REFUSED when an answer differs from the golden one by more than its tolerance. */
export function checkGolden(
  config: ModelConfig,
  golden: GoldenCase,
  outputs: readonly Tensor[],
): void {
  for (const contract of config.outputs) {
    const given = golden.outputs[contract.name];
    const output = outputs.find(({ name }) => name === contract.name);
    if (given === undefined || output === undefined) continue;
    const expected = goldenValues(contract, given);
    const worst = worstDifference(expected, output.values);
    if (!(worst <= golden.tolerance)) {
      const sentence = `output ${contract.name} is ${worst} away from its golden case`;
      throw mismatch(config.name, `${sentence}, ${golden.tolerance} is allowed`);
    }
  }
}

function worstDifference(expected: Tensor['values'], actual: Tensor['values']): number {
  if (expected.length !== actual.length) return Infinity;
  let worst = 0;
  for (let index = 0; index < expected.length; index += 1) {
    const difference = Math.abs(Number(expected[index]) - Number(actual[index]));
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
  }
  return worst;
}

/** Inputs for warming up: the first golden case, or zeros clamped into the declared range. */
export function warmUpInputs(config: ModelConfig, rows: number): readonly Tensor[] {
  return config.inputs.map((contract) => {
    const shape = contract.shape.map((dimension, axis) =>
      dimension !== -1 ? dimension : axis === 0 && config.batchable ? rows : 1,
    );
    const width = elementCount(shape.slice(1));
    const given = Array.from({ length: elementCount(shape) }, (_, index) =>
      neutralValue(contract, index % width),
    );
    return {
      name: contract.name,
      datatype: contract.datatype,
      shape,
      values: goldenValues(contract, given),
    };
  });
}

const floatTypes = new Set<Datatype>(['FP32', 'FP64']);

function neutralValue({ datatype, min, max }: TensorContract, index: number): number {
  const low = typeof min === 'object' ? min[index] : min;
  const high = typeof max === 'object' ? max[index] : max;
  const value = Math.min(Math.max(0, low ?? 0), high ?? Infinity);
  return floatTypes.has(datatype) ? value : Math.ceil(value);
}
