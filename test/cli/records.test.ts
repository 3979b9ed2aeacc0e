// Goal: what a user sees of a recorded day with only its database running: why, screen, positions, and
// parity, which exits with 1 and names what differs.
import type { Pool } from 'pg';
import type { ParityReport } from '../../domain/parity';
import { istTime } from '../../domain/session/sessionClock';
import { epochMs } from '../../domain/units';
import { recordedDay } from '../domain/parity/recorded';
import { hasPostgres, useDatabase } from '../support/database';
import { storeDay } from '../support/storedDay';
import { sourceRatchet, type CommandResult } from '../support/ratchet';

const day = recordedDay(4);
const { account, date } = day;
const approved = day.answers.find(({ code }) => code === 'APPROVED');

(hasPostgres ? describe : describe.skip)('a day in Postgres and nothing else', () => {
  let databaseUrl = '';
  let pool: Pool;
  useDatabase(async (made, { url }) => {
    pool = made;
    databaseUrl = url;
    await storeDay(pool, day);
  });

  const ratchet = (...args: string[]): Promise<CommandResult> =>
    sourceRatchet(args, { ...process.env, DATABASE_URL: databaseUrl });
  const ofDay = ['--account', account, '--date', date];

  test('parity: a day that is as it was ends with 0; one that is not with 1 and a line each', async () => {
    const same = await ratchet('parity', ...ofDay);
    expect(same).toMatchObject({ code: 0, stderr: '' });
    expect(same.stdout).toMatch(
      /^\d+ decisions on 4 bars \(\d+ more the day did not judge\), \d+ answers of risk and \d+ trades replayed: no difference\n$/,
    );
    const limits = { ...day.terms, risk: { ...day.terms.risk, riskPerTradeBps: 1 } };
    const setTerms = (terms: object): Promise<unknown> =>
      pool.query('update session set terms = $1', [terms]);
    await setTerms(limits);
    const other = await ratchet('parity', ...ofDay);
    const counted = await ratchet('parity', ...ofDay, '--json');
    await setTerms(day.terms);
    expect([other.code, counted.code]).toEqual([1, 1]);
    expect(other.stdout).toMatch(
      /risk [A-Z&-]+ \d\d:\d\d numbers\.quantity: the day has \d+, the replay \d+\n/,
    );
    const { counts, differences } = JSON.parse(counted.stdout) as ParityReport;
    expect(counts.risk + counts.trade).toBe(differences.length);
    expect(counts.decision).toBe(0);
    expect(other.stdout.trimEnd().split('\n')).toHaveLength(differences.length + 1);
  });

  test('why: every number of an approval, what each bound allowed and what would be owed', async () => {
    if (approved === undefined) throw new Error('nothing was approved');
    const { tradingsymbol, asked, numbers } = approved;
    const time = istTime(asked.barEnd).slice(0, 5);
    const { stdout, code } = await ratchet('why', tradingsymbol, time, ...ofDay);
    expect(code).toBe(0);
    expect(stdout).toContain(`risk: APPROVED: ${approved.reason}`);
    expect(stdout).toContain(`became position ${String(numbers['intentId'])}`);
    const value = (field: string): string | undefined =>
      stdout
        .split('\n')
        .find((line) => line.startsWith(`${field} `))
        ?.slice(field.length)
        .trim();
    expect(value('risk.quantity')).toBe(String(numbers['quantity']));
    expect(value('risk.open risk')).toBe(String(numbers['open risk']));
    expect(value('risk.if not closed: settles on')).toBe('2026-11-23');
    // The cash, and what is held from the session before.
    expect(value('asked.book.capital')).toBe('100010000');
    expect(value('indicator.rsi14')).toMatch(/^[\d.]+$/);
    // The next minute's bar has not closed: the answer is the same bar's.
    const later = await ratchet(
      'why',
      tradingsymbol,
      istTime(epochMs(asked.barEnd + 60_000)).slice(0, 5),
      ...ofDay,
    );
    expect(later.stdout).toBe(stdout);
  });

  test('screen: the watched stocks in order; positions: from records alone', async () => {
    const screen = await ratchet('screen', ...ofDay);
    expect(screen.stdout.split('\n')[1]).toMatch(
      new RegExp(`^${day.stocks[0]?.tradingsymbol ?? ''} +yes +yes`),
    );
    const one = await ratchet('screen', 'nobody', ...ofDay);
    expect(one).toMatchObject({ code: 1, stdout: '' });
    expect(one.stderr).toContain(`NOBODY was not screened on ${date}`);
    const positions = await ratchet('positions', ...ofDay, '--json');
    expect(JSON.parse(positions.stdout)).toHaveLength(day.carriedIn.length + day.intents.length);
  });

  test.each([
    [['why', 'NOBODY', '10:00'], 'NOBODY has not been analysed by then'],
    [['why', 'INFY', 'noon'], 'time must be HH:MM in India\'s time like 10:25, was "noon"'],
    [['parity', '--date', '2026-11-19'], 'no day 2026-11-19 of account paper has been opened'],
    [['parity', '--date', 'today'], 'date must be a calendar date'],
    [['screen', '--date', '2026-11-19'], 'has not been screened'],
  ])('%j is one sentence and a failing exit code', async (args, sentence) => {
    const chosen = args.includes('--date') ? ['--account', account] : ofDay;
    const { code, stderr, stdout } = await ratchet(...args, ...chosen);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
