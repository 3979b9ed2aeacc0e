// Goal: entries are allowed again in two steps, by a person with a reason, and only for the halt that was shown.
// Method: the real command on a database; no workflow runs, which it says.
import type { Pool } from 'pg';
import { latestHalt, recordHalt } from '../../activities/ledger/halts';
import { hasPostgres, useDatabase } from '../support/database';
import { sourceRatchet, type CommandResult } from '../support/ratchet';

const account = 'mine';

(hasPostgres ? describe : describe.skip)('ratchet resume', () => {
  let pool: Pool;
  let databaseUrl = '';
  useDatabase((made, { url }) => {
    pool = made;
    databaseUrl = url;
  });

  const resume = (...args: string[]): Promise<CommandResult> => {
    const of = ['--account', account, '--date', '2026-11-20'];
    // The address of nobody: the day cannot be told.
    const env = { ...process.env, DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: '127.0.0.1:1' };
    return sourceRatchet(['resume', ...of, ...args], env);
  };
  const shown = async (): Promise<{
    halted: boolean;
    confirm: string | null;
    why: string;
    by: string;
  }> => JSON.parse((await resume('--json')).stdout) as Awaited<ReturnType<typeof shown>>;

  test('nothing to allow is said', async () => {
    expect((await resume()).stdout).toContain('entries are allowed');
  });

  test('the first step shows the halt and changes nothing; the second records who and why', async () => {
    await recordHalt(pool, account, { halted: true, reason: 'lunch', who: 'anna@desk' });
    const first = await shown();
    expect(first).toMatchObject({ halted: true, why: 'lunch', by: 'anna@desk' });
    expect((await resume()).stdout).toMatch(/halted since .*: lunch, by anna@desk/);
    expect(await latestHalt(pool, account)).toMatchObject({ halted: true });
    const guessed = await resume('--confirm', 'none', '--reason', 'back');
    expect(guessed.stderr).toContain('--confirm none is not the code of the newest halt');
    const wordless = await resume('--confirm', first.confirm ?? '');
    expect(wordless.stderr).toContain('--reason must say why');
    expect(await latestHalt(pool, account)).toMatchObject({ halted: true });
    const done = await resume('--confirm', first.confirm ?? '', '--reason', 'back');
    expect(done.stdout).toContain('entries are allowed');
    expect(done.stdout).toContain('no answer from the day workflow');
    expect(await latestHalt(pool, account)).toMatchObject({
      halted: false,
      reason: 'back',
      who: expect.stringMatching(/^.+@.+$/) as string,
    });
  });

  test('the code of one halt does not end the next', async () => {
    await recordHalt(pool, account, { halted: true, reason: 'one', who: 'anna@desk' });
    const { confirm } = await shown();
    await recordHalt(pool, account, { halted: true, reason: 'two', who: 'bert@desk' });
    const late = await resume('--confirm', confirm ?? '', '--reason', 'back');
    expect(late.stderr).toContain('is not the code of the newest halt');
  });
});
