// Goal: whatever process dies at whatever moment, nothing is entered twice, left uncovered, or lost. Method:
// a short, fixed run of process chaos. The long one is `npm run chaos`.
import { chaosRun, type Blow } from '../chaos/chaosRun';

const blows: readonly Blow[] = [
  { kind: 'crashPoint', point: 'stop.afterSend' },
  { kind: 'kill', process: 'worker' },
  { kind: 'crashPoint', point: 'trail.afterAnswer' },
  { kind: 'kill', process: 'Postgres' },
  { kind: 'kill', process: 'Temporal' },
  { kind: 'kill', process: 'gateway' },
];

test(
  'processes killed under open positions: no second entry, no long uncovered interval, flat and agreed in the end',
  async () => {
    const plan = { seed: 11, positions: 6, blows, pauseMs: 2_000, graceMs: 10_000 };
    const told: string[] = [];
    const result = await chaosRun(plan, (line) => told.push(line)).catch((cause: unknown) => {
      throw new Error(['the run got stuck:', ...told].join('\n'), { cause });
    });
    expect({ ...result.verdict, told: told.at(-1) }).toMatchObject({ violations: [] });
    expect(result).toMatchObject({ booksAgree: true, leftRunning: [] });
    expect(result.verdict.intents).toBe(plan.positions);
  },
  15 * 60_000,
);
