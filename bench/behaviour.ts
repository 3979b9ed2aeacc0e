// Pass rates of the shipped headline models on the behavioural test set, by half and ability, as the tables of
// docs/models.md have them. JSON lines. Usage: behaviour [--failures], which also prints the open half's failures.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { headlineLength } from '../domain/sentiment';
import { InferenceSession, Tensor } from '../infra/onnxruntime';
import { behaviourCases, inputsOf, passes, passRates } from '../training/behaviour';

const checkout = join(__dirname, '..');
const folder = join(checkout, 'serving/models/sentiment');

async function scorerOf(version: string): Promise<(rows: number[][]) => Promise<number[][]>> {
  const path = join(folder, version, 'model.onnx');
  const session = await InferenceSession.create(path, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  return async (rows) => {
    const tokens = new Tensor('float32', rows.flat(), [rows.length, headlineLength]);
    const { probabilities } = await session.run({ tokens });
    const values = Array.from((probabilities?.data ?? []) as Float32Array);
    return rows.map((_, row) => values.slice(3 * row, 3 * row + 3));
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { failures: { type: 'boolean', default: false } } });
  const cases = behaviourCases(readFileSync(join(checkout, 'training/behaviour.csv'), 'utf8'));
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as {
    versions: Record<string, unknown>;
  };
  const say = (line: unknown): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);
  for (const version of Object.keys(config.versions)) {
    const score = await scorerOf(version);
    const answers: number[][][] = [];
    for (const asked of cases) answers.push(await score(inputsOf(asked)));
    for (const rate of passRates(cases, answers)) say({ version, ...rate });
    cases.forEach((asked, index) => {
      const found = answers[index] ?? [];
      if (values.failures && asked.half === 'open' && !passes(asked, found))
        say({ version, ...asked, found });
    });
  }
}

void main();
