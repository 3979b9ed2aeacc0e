// `npm run chaos -- --runs N [--seed S] [--blows B]`: long process chaos. One JSON line per run and one for all.
import { parseArgs } from 'node:util';
import { chaosRun, drawBlows } from './chaosRun';

/** 5 s, and 10 s while the broker itself is made to fail, which the draws do. */
const graceMs = 10_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      blows: { type: 'string', default: '14' },
    },
  });
  let failed = 0;
  let longest = 0;
  const recoveryMs: Record<string, number> = {};
  for (let run = 0; run < Number(values.runs); run += 1) {
    const seed = Number(values.seed) + run;
    const blows = drawBlows(seed, Number(values.blows));
    const result = await chaosRun({ seed, positions: 8, blows, pauseMs: 2_500, graceMs }, (line) =>
      process.stderr.write(`${line}\n`),
    );
    const { verdict, booksAgree, leftRunning } = result;
    const clean = verdict.violations.length === 0 && booksAgree && leftRunning.length === 0;
    if (!clean) failed += 1;
    longest = Math.max(longest, verdict.longestUncoveredMs);
    for (const [name, ms] of Object.entries(result.recoveryMs))
      recoveryMs[name] = Math.max(recoveryMs[name] ?? 0, ms);
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  const total = { runs: Number(values.runs), failed, longestUncoveredMs: longest, recoveryMs };
  process.stdout.write(`${JSON.stringify(total)}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
