// Goal: one installation trades an account through a database at a time. It renews, gives back, and is replaced
// only when it has not renewed for a while by the database's own clock.
import type { Pool } from 'pg';
import { leaseHolder, returnLease, takeLease } from '../../../activities/ledger/lease';
import { holdLease } from '../../../workers/holdLease';
import { loadConfig } from '../../../infra/config/config';
import { hasPostgres, useDatabase } from '../../support/database';

const laptop = { installation: 'AAA', host: 'laptop' };
const server = { installation: 'BBB', host: 'server' };

(hasPostgres ? describe : describe.skip)('the lease of an account', () => {
  let pool: Pool;
  useDatabase((made) => {
    pool = made;
  });

  test('is taken, renewed by its holder, and refused to another, who is told who holds it', async () => {
    expect(await takeLease(pool, 'one', laptop)).toBeNull();
    expect(await takeLease(pool, 'one', laptop)).toBeNull();
    expect(await takeLease(pool, 'one', server)).toEqual(laptop);
    expect(await takeLease(pool, 'two', server)).toBeNull();
    expect(await leaseHolder(pool, 'one')).toEqual(laptop);
  });

  test('goes to another when it is given back, or was not renewed for half a minute', async () => {
    await takeLease(pool, 'back', laptop);
    await returnLease(pool, 'back', 'BBB');
    expect(await takeLease(pool, 'back', server)).toEqual(laptop);
    await returnLease(pool, 'back', 'AAA');
    expect(await takeLease(pool, 'back', server)).toBeNull();
    await pool.query(
      `update lease set renewed_at = now() - interval '31 s' where account = 'back'`,
    );
    expect(await leaseHolder(pool, 'back')).toBeNull();
    expect(await takeLease(pool, 'back', laptop)).toBeNull();
  });

  test('is needed to start: a second worker refuses in one sentence that names the first', async () => {
    const config = { ...loadConfig(), account: 'three' };
    const parts = { pool, config, installation: 'AAA' };
    const { giveBack, deadMs } = await holdLease(parts, () => undefined);
    await expect(
      holdLease({ ...parts, installation: 'BBB' }, () => undefined),
    ).rejects.toMatchObject({
      code: 'LEASE_HELD',
      message: expect.stringMatching(
        /^account three is traded by installation AAA on host .+; stop it there first$/,
      ) as string,
    });
    expect(deadMs).toBeNull();
    await giveBack();
    expect(await leaseHolder(pool, 'three')).toBeNull();
  });
});
