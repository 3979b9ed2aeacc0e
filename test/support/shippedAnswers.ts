// What a shipped model answers, asked in a plain Node process of its own (scoreBatches.mjs).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const shippedModelsFolder = join(__dirname, '../../serving/models');

/** The model's answer to each batch of input rows, flat. */
export function shippedAnswers(
  name: string,
  version: string,
  batches: readonly (readonly (readonly number[])[])[],
): number[][] {
  const folder = join(shippedModelsFolder, name);
  const { inputs } = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as {
    inputs: [{ name: string }];
  };
  const model = join(folder, version, 'model.onnx');
  const output = execFileSync(process.execPath, [join(__dirname, 'scoreBatches.mjs')], {
    input: JSON.stringify({ model, input: inputs[0].name, batches }),
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output.toString('utf8')) as number[][];
}
