// The signal-quality model in this process: the model server's file and features, scored one after the other.
// So a backtest needs no server and gives the same answer every time.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from '../infra/onnxruntime';
import { Refused } from '../domain/errors';
import { checkout } from '../infra/checkout';

export interface SignalModel {
  readonly version: string;
  /** The probability of each row of features. */
  score(rows: readonly (readonly number[])[]): Promise<readonly number[]>;
}

const folder = join(checkout, 'serving', 'models', 'signal-quality');

/** The shipped versions, oldest first. A server without a record serves the newest. */
export const modelVersions = (): readonly string[] =>
  readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .sort((one, other) => Number(one) - Number(other));

/** @throws Refused BACKTEST_MODEL on a version that does not exist. */
export async function loadSignalModel(version: string): Promise<SignalModel> {
  const file = join(folder, version, 'model.onnx');
  if (!/^\d+$/.test(version) || !existsSync(file))
    throw new Refused({
      code: 'BACKTEST_MODEL',
      message: `model must be none or one of the versions ${modelVersions().join(', ')}, was "${version}"`,
    });
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
  });
  const [input = 'features'] = session.inputNames;
  const [output = 'probability'] = session.outputNames;
  return {
    version,
    score: async (rows) => {
      if (rows.length === 0) return [];
      const shape = [rows.length, rows[0]?.length ?? 0];
      const results = await session.run({
        [input]: new Tensor('float32', Float32Array.from(rows.flat()), shape),
      });
      return Array.from(results[output]?.data as Float32Array);
    },
  };
}
