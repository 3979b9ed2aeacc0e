// Goal: a database has an account's records of one mode. A process of another mode does not take them up.
import type { Pool } from 'pg';
import { claimRecords, recordedMode } from '../../../activities/ledger/accountMode';
import { hasPostgres, useDatabase } from '../../support/database';

(hasPostgres ? describe : describe.skip)('records of one mode', () => {
  let pool: Pool;
  useDatabase((made) => (pool = made));

  test('the first process takes them, the next of its mode goes on, another is refused', async () => {
    expect(await recordedMode(pool, 'mine')).toBeNull();
    await claimRecords(pool, 'mine', 'shadow');
    await claimRecords(pool, 'mine', 'shadow');
    await claimRecords(pool, 'other', 'live');
    expect(await recordedMode(pool, 'mine')).toBe('shadow');
    await expect(claimRecords(pool, 'mine', 'live')).rejects.toThrow(
      'the database has the shadow records of account mine; live needs a database of its own',
    );
    expect(await recordedMode(pool, 'mine')).toBe('shadow');
  });
});
