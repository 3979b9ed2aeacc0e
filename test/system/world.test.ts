// Goal: an account that lives over nights. Delivery bought in one session is held under its trigger. The next
// session, a system started anew, adopts it and sells it. After each session the books agree.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DayFacts } from '../../activities/reports';
import { defaultDecisionConfig } from '../../domain/decision';
import type { ParityReport } from '../../domain/parity';
import { eventually, newHome, processesOf, ratchet, startRatchet } from '../support/ratchet';

const worldMs = 15 * 60_000;

interface Session {
  readonly facts: DayFacts;
  readonly parity: ParityReport;
  readonly page: string;
  readonly stderr: string;
}

/** What a run of one session has left. */
function sessionOf({
  code,
  stdout,
  stderr,
}: {
  code: number | null;
  stdout: string;
  stderr: string;
}): Session {
  if (code !== 0) throw new Error(`ratchet run ended with ${String(code)}: ${stderr.slice(-3000)}`);
  const report = /^report: (.+\.html)$/.exec(stdout.trimEnd().split('\n').at(-1) ?? '')?.[1] ?? '';
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(join(dirname(report), name), 'utf8'));
  return {
    facts: read('facts.json') as DayFacts,
    parity: read('parity.json') as ParityReport,
    page: readFileSync(report, 'utf8'),
    stderr,
  };
}

const agreed = /✓ books: .+ the exchange's own agree to the paisa/;

describe('a world of two sessions', () => {
  const home = newHome();
  const config = join(home, 'config.json');
  const run = ['run', '--world', 'nights', '--speed', '400', '--config', config];
  let first: Session;
  let second: Session;

  beforeAll(async () => {
    // Stops and targets so far away that what is bought is still held at the close.
    const decision = {
      ...defaultDecisionConfig,
      stopRanges: { least: 20, usual: 20, most: 20 },
      rewardToRisk: 2,
    };
    const universe = ['RELIANCE', 'MARUTI', 'ICICIBANK', 'NTPC'];
    writeFileSync(config, JSON.stringify({ longProduct: 'CNC', universe, decision }));
    first = sessionOf(await ratchet([...run, '--date', '2026-11-19'], home));
    const next = startRatchet(run, home);
    // Once it has traded, every position is told to leave.
    await eventually(async () => {
      const { stdout } = await ratchet(['day', 'status', '--json'], home);
      return (JSON.parse(stdout) as { phase: string }).phase === 'trading' ? true : undefined;
    }, worldMs);
    await ratchet(['close-all'], home);
    second = sessionOf(await next.ended);
  }, worldMs);

  test('what was bought for delivery is held over the night, and the exchange holds as much', () => {
    const { facts, stderr, page } = first;
    expect(facts.date).toBe('2026-11-19');
    expect(facts.carried.length).toBeGreaterThan(0);
    for (const { intent, view } of facts.carried) {
      expect(intent).toMatchObject({ product: 'CNC', direction: 'LONG' });
      expect(view.phase).toBe('carried');
      expect(view.confirmedStop).not.toBeNull();
    }
    expect(stderr).toMatch(agreed);
    expect(stderr).toContain(`${facts.carried.length} held over the night`);
    expect(page).toContain('Held over the night');
    expect(facts.ledgerSum).toBe(0);
  });

  test('the next session opens with its cash and sells it, at the cost of both sessions', () => {
    const { facts, stderr } = second;
    expect(facts.date).toBe('2026-11-20');
    expect(facts.openingCash).toBe(first.facts.closingCash);
    expect(stderr).toMatch(agreed);
    expect(facts.carried).toEqual([]);
    const sold = facts.trades.filter(({ intent }) => intent.date === '2026-11-19');
    expect(sold.map(({ intent }) => intent.intentId).sort()).toEqual(
      first.facts.carried.map(({ intent }) => intent.intentId).sort(),
    );
    for (const { view, fills, levels } of sold) {
      expect(view.phase).toBe('closed');
      const days = fills.map(({ at }) => new Date(at).toISOString().slice(0, 10));
      expect([days[0], days.at(-1)]).toEqual(['2026-11-19', '2026-11-20']);
      const [from, until] = [fills[0]?.at ?? 0, fills.at(-1)?.at ?? 0];
      for (const { at } of levels) {
        expect(at).toBeGreaterThanOrEqual(from - 60_000);
        expect(at).toBeLessThanOrEqual(until + 60_000);
      }
    }
    const bought = first.facts.carried.reduce(
      (sum, { fills }) =>
        sum + fills.reduce((all, { quantity, price }) => all + quantity * price, 0),
      0,
    );
    // Cash has what was closed earned, and what the shares had cost comes back.
    expect(facts.closingCash).toBe(facts.openingCash + facts.grossPnl + bought - facts.charges);
    const closed = facts.alerts.filter(({ type }) => type === 'trade.closed');
    expect(closed).toHaveLength(facts.trades.length);
  });

  test('both sessions replay without a difference', () => {
    expect(first.parity.differences).toEqual([]);
    expect(second.parity.differences).toEqual([]);
    expect(second.parity.decisions).toBeGreaterThan(0);
  });

  test(
    'a session it has traded is refused in a sentence, and nothing is left running',
    async () => {
      const { code, stderr } = await ratchet([...run, '--date', '2026-11-20'], home);
      expect(code).not.toBe(0);
      expect(stderr).toContain(
        'the world "nights" has traded 2026-11-20: its next session is 2026-11-23 or later, not 2026-11-20',
      );
      expect(processesOf(home)).toEqual([]);
    },
    worldMs,
  );
});
