// Publishes a position's band to the tick gateway through Postgres. NOTIFY only makes it faster: a gateway
// that starts later reads the same rows.
import type { Pool } from 'pg';
import type { SieveTerms } from '../../domain/trailing';
import type { Paise } from '../../domain/units';

export interface PublishedBand {
  readonly workflowId: string;
  readonly instrumentToken: number;
  readonly above: Paise;
  readonly below: Paise;
  /** Which of the stock's prices are believed at once. */
  readonly sieve: SieveTerms;
}

export interface BandActivities {
  publishBand(band: PublishedBand): Promise<void>;
  withdrawBand(workflowId: string): Promise<void>;
}

export function createBandActivities(pool: Pool): BandActivities {
  return {
    publishBand: async ({ workflowId, instrumentToken, above, below, sieve }) => {
      await pool.query(
        `with row as (
           insert into band (workflow_id, instrument_token, above, below, lower_limit, upper_limit, jump_max, version)
           values ($1, $2, $3, $4, $5, $6, $7, 1)
           on conflict (workflow_id) do update set above = excluded.above, below = excluded.below,
             lower_limit = excluded.lower_limit, upper_limit = excluded.upper_limit, jump_max = excluded.jump_max,
             version = band.version + 1
           returning *)
         select pg_notify('band', row_to_json(row)::text) from row`,
        [
          ...[workflowId, instrumentToken, above, below],
          ...[sieve.band.lower, sieve.band.upper, sieve.jumpMax],
        ],
      );
    },
    withdrawBand: async (workflowId) => {
      await pool.query(
        `with gone as (delete from band where workflow_id = $1 returning workflow_id) select pg_notify('band_gone', workflow_id) from gone`,
        [workflowId],
      );
    },
  };
}
