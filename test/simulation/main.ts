// entry point: `npm run sim -- --sessions N --seed S [--trace] [--planted]`. Plays seeded sessions, judges
// each, prints every failure with the command that replays it and one JSON line at the end.
import { parseArgs } from 'node:util';
import { check, type Verdict } from './checker';
import { hunt } from './hunt';
import { realMachine } from './machine';
import { plantedBugs } from './plantedBugs';
import { playSession, type Trace } from './session';
import { startAt } from './swarm';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
    planted: { type: 'boolean', default: false },
  },
});
/** A bug that hides longer than this counts as missed. */
const plantedSeedsMax = 2_000;
const sessions = wholeNumber('sessions', values.sessions);
const firstSeed = wholeNumber('seed', values.seed);

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  console.error(`--${name} must be a whole number, was "${text}"`);
  process.exit(2);
}

const clock = (at: number): string => `${((at - startAt) / 1000).toFixed(3).padStart(8)} s`;
const toConsole: Trace = (at, tag, what, detail) =>
  console.log(`${clock(at)} ${tag.padEnd(16)} ${what.padEnd(8)} ${JSON.stringify(detail)}`);

function judged(seed: number): {
  verdict: Verdict | null;
  sentences: string[];
  faults: Readonly<Record<string, number>>;
  cells: ReadonlySet<string>;
} {
  try {
    const { record, faults, cells } = playSession(
      seed,
      realMachine,
      values.trace ? toConsole : undefined,
    );
    const verdict = check(record);
    const sentences = verdict.violations.map(
      ({ invariant, at, tag, what }) => `${invariant} at ${clock(at)} ${tag}: ${what}`,
    );
    return { verdict, sentences, faults, cells };
  } catch (error) {
    const why =
      error instanceof Error ? (values.trace ? error.stack : error.message) : String(error);
    return { verdict: null, sentences: [why ?? 'failed'], faults: {}, cells: new Set() };
  }
}

/** The table of planted bugs: how many sessions each took to be noticed, and by what. */
function huntPlanted(): void {
  console.log('bug                        sessions  noticed by');
  let missed = 0;
  for (const { name, machine } of plantedBugs) {
    const { seeds, sentence } = hunt(machine, plantedSeedsMax);
    if (seeds === null) missed += 1;
    console.log(`${name.padEnd(26)} ${String(seeds ?? '-').padStart(8)}  ${sentence}`);
  }
  console.log(JSON.stringify({ planted: plantedBugs.length, missed }));
  process.exit(missed === 0 ? 0 : 1);
}

if (values.planted) huntPlanted();

const began = process.hrtime.bigint();
const totals = { failures: 0, plain: 0, faulted: 0, blind: 0, overExits: 0, overExitMs: 0 };
const struck = new Map<string, number>();
const reached = new Set<string>();
for (let seed = firstSeed; seed < firstSeed + sessions; seed += 1) {
  const { verdict, sentences, faults, cells } = judged(seed);
  for (const cell of cells) reached.add(cell);
  for (const [fault, count] of Object.entries(faults))
    struck.set(fault, (struck.get(fault) ?? 0) + count);
  if (sentences.length > 0) {
    totals.failures += 1;
    for (const sentence of sentences) console.log(`seed ${seed}: ${sentence}`);
    console.log(`  replay: npm run sim -- --seed ${seed} --sessions 1 --trace`);
  }
  totals.plain = Math.max(totals.plain, verdict?.longestUncoveredMs ?? 0);
  totals.faulted = Math.max(totals.faulted, verdict?.longestUncoveredFaultedMs ?? 0);
  totals.blind = Math.max(totals.blind, verdict?.longestUncoveredBlindMs ?? 0);
  totals.overExits += verdict?.overExits ?? 0;
  totals.overExitMs = Math.max(totals.overExitMs, verdict?.longestOverExitMs ?? 0);
}
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
console.log(
  JSON.stringify({
    sessions,
    seed: firstSeed,
    failures: totals.failures,
    sessionsPerSecond: Math.round((sessions / seconds) * 10) / 10,
    longestUncoveredMs: totals.plain,
    longestUncoveredFaultedMs: totals.faulted,
    longestUncoveredBlindMs: totals.blind,
    overExits: totals.overExits,
    longestOverExitMs: totals.overExitMs,
    cells: reached.size,
    faults: Object.fromEntries([...struck].sort(([one], [other]) => one.localeCompare(other))),
  }),
);
process.exitCode = totals.failures === 0 ? 0 : 1;
