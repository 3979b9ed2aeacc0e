// `npm run drill:live [-- --json] [--short] [--hours H] [--seed N]`: a live account's bad days on a stand-in.
// --short lets the market run four times as fast and outages be short; --hours adds a shadow and a live session
// of so many hours each. The last line is the result; the exit code says whether all of it holds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nseCalendar } from '../../../domain/session/nseCalendar';
import { sessionDate } from '../../../infra/sessionDate';
import { liveDrill, type DrillPlan } from './drill';
import { failures, planOf } from './plan';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      hours: { type: 'string', default: '0' },
      seed: { type: 'string', default: '7' },
      keep: { type: 'boolean', default: false },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-drill-'));
  const plan: DrillPlan = {
    ...planOf(values.short, Number(values.hours)),
    folder,
    date: sessionDate(undefined, nseCalendar),
    seed: Number(values.seed),
  };
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    const result = await liveDrill(plan, tell);
    const failed = failures(result);
    for (const sentence of failed) tell(`✗ ${sentence}`);
    if (!values.json && failed.length === 0) tell('✓ everything that must hold holds');
    process.stdout.write(`${JSON.stringify(result)}\n`);
    process.exitCode = failed.length === 0 ? 0 : 1;
  } finally {
    if (values.keep) tell(`kept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
