// Where a position's price matters, told to the tick gateway through Postgres. NOTIFY is only the hurry:
// a gateway that starts later reads the same rows.
import type { Pool } from 'pg';
import type { Paise } from '../../domain/units';

export interface PublishedBand {
  readonly workflowId: string;
  readonly instrumentToken: number;
  readonly above: Paise;
  readonly below: Paise;
}

export interface BandActivities {
  publishBand(band: PublishedBand): Promise<void>;
  withdrawBand(workflowId: string): Promise<void>;
}

export function createBandActivities(pool: Pool): BandActivities {
  return {
    publishBand: async ({ workflowId, instrumentToken, above, below }) => {
      await pool.query(
        `with row as (
           insert into band (workflow_id, instrument_token, above, below, version) values ($1, $2, $3, $4, 1)
           on conflict (workflow_id) do update set above = excluded.above, below = excluded.below, version = band.version + 1
           returning *)
         select pg_notify('band', row_to_json(row)::text) from row`,
        [workflowId, instrumentToken, above, below],
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
