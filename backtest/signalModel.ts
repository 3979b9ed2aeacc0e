// The signal-quality model in this process: the model server's file and features, scored one after the other.
// So a backtest needs no server and gives the same answer every time.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
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

const trainedSchema = z.object({
  versions: z.record(
    z.string(),
    z.object({ trained: z.object({ from: z.string(), to: z.string() }).optional() }),
  ),
});

/** What the model's card says of each version: first and last date it was trained on, where it says so. */
const trainingDates = (): z.infer<typeof trainedSchema>['versions'] =>
  trainedSchema.parse(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))).versions;

/** Which model a backtest of these dates may use, with a remark for the reader where it is none. */
export interface ModelChoice {
  readonly version: string | null;
  readonly remark?: string;
}

/**
 * The version that was asked for, or the newest that has seen none of the dates. @param asked a version or `none`;
 * undefined: nothing was asked for. @throws Refused BACKTEST_MODEL for a version that has seen some of them.
 */
export function chooseModel(asked: string | undefined, dates: readonly string[]): ModelChoice {
  if (asked === 'none') return { version: null };
  const trained = trainingDates();
  const seenBy = (version: string): string | undefined => {
    const { from = '', to = '' } = trained[version]?.trained ?? {};
    return dates.find((date) => date >= from && date <= to);
  };
  if (asked !== undefined) {
    const seen = seenBy(asked);
    if (seen === undefined) return { version: asked };
    const { from = '', to = '' } = trained[asked]?.trained ?? {};
    throw new Refused({
      code: 'BACKTEST_MODEL',
      message: `--model ${asked} was trained on ${from} to ${to}, and ${seen} is one of these days; name days outside, or --model none`,
    });
  }
  const version = modelVersions().findLast((one) => seenBy(one) === undefined);
  if (version !== undefined) return { version };
  return {
    version: null,
    remark: 'signal-quality model: none, since every version was trained on some of these days',
  };
}

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
