// Runs a bench of this checkout and of another one in turns, so that both meet the same machine.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { quantileOf } from './serving/loadGenerator';

/** The last line of a bench is its result. @throws Error when it ends without one. */
function resultOf(script: string, folder: string): Record<string, unknown> {
  const { stdout, status } = spawnSync('node', ['-r', './infra/sourceHook.cjs', script], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (status !== 0 || !line.startsWith('{'))
    throw new Error(`${script} in ${folder} ended with ${status} and no result`);
  return JSON.parse(line) as Record<string, unknown>;
}

const median = (values: readonly number[]): number =>
  quantileOf(
    values.toSorted((one, other) => one - other),
    0.5,
  );

/** Prints one JSON line for each run and one with the medians of `figure` and their difference. */
export function inTurns(script: string, other: string, rounds: number, figure: string): void {
  const figures = { other: [] as number[], here: [] as number[] };
  const folders = { other: resolve(other), here: process.cwd() };
  for (let round = 1; round <= rounds; round += 1)
    for (const which of ['other', 'here'] as const) {
      const result = resultOf(script, folders[which]);
      figures[which].push(Number(result[figure]));
      process.stdout.write(`${JSON.stringify({ round, which, ...result })}\n`);
    }
  const medians = { other: median(figures.other), here: median(figures.here) };
  const difference = medians.here - medians.other;
  process.stdout.write(`${JSON.stringify({ figure, ...medians, difference })}\n`);
}
