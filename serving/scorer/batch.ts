// Joins the rows of several requests into one run and splits the answer exactly. A request gets copies of its
// own rows, so that no caller sees another's rows or keeps them in memory.
import type { Tensor } from '../protocol/datatypes';
import { fatal } from '../protocol/errors';
import type { BatchTensor } from './frames';

interface Rows {
  readonly inputs: readonly Tensor[];
  readonly rows: number;
}

/** Can the requests share a run? They may differ only in their number of rows. */
export function sameTrailingShapes(first: Rows, second: Rows): boolean {
  return first.inputs.every((input, index) => {
    const other = second.inputs[index]?.shape;
    return input.shape.every((dimension, axis) => axis === 0 || other?.[axis] === dimension);
  });
}

/** The tensors of one run: every input, the requests' rows one after the other. */
export function joinBatch(batch: readonly Rows[]): BatchTensor[] {
  const [first] = batch;
  if (first === undefined) return [];
  const rows = batch.reduce((sum, job) => sum + job.rows, 0);
  return first.inputs.map(({ name, datatype, shape }, index) => ({
    name,
    datatype,
    shape: batch.length === 1 ? shape : [rows, ...shape.slice(1)],
    parts: batch.flatMap(({ inputs }) => inputs[index]?.values ?? []),
  }));
}

/**
 * The outputs of each request of a run, in order.
 * @throws Fatal SCORING_FAILED when an output does not have one row per input row.
 */
export function splitBatch(batch: readonly Rows[], outputs: readonly Tensor[]): Tensor[][] {
  if (batch.length === 1) return [[...outputs]];
  const total = batch.reduce((sum, job) => sum + job.rows, 0);
  for (const output of outputs) {
    if (output.shape[0] !== total) {
      const got = output.shape[0] ?? 0;
      throw fatal('SCORING_FAILED', `Output ${output.name} has ${got} rows for ${total} inputs.`);
    }
  }
  let start = 0;
  return batch.map(({ rows }) => {
    const from = start;
    start += rows;
    return outputs.map((output) => sliceRows(output, from, rows));
  });
}

function sliceRows(output: Tensor, from: number, rows: number): Tensor {
  const { name, datatype, shape, values } = output;
  const width = values.length / (shape[0] ?? 1);
  return {
    name,
    datatype,
    shape: [rows, ...shape.slice(1)],
    values: values.slice(from * width, (from + rows) * width),
  };
}
