// The ledger and our records of intents, orders and fills.
import type { Pool } from 'pg';
import { openingTransaction } from '../../domain/ledger/postings';
import type { Intent, PositionView } from '../../domain/position';
import type { Paise } from '../../domain/units';
import { latestHalt, recordHalt, type HaltRecord } from './halts';
import {
  carryPosition,
  recordPosition,
  settlePosition,
  type Carry,
  type PositionRecord,
  type Settlement,
} from './positions';
import { inTransaction, post } from './records';

export { recordTrigger, type Carry, type PositionRecord, type Settlement } from './positions';

export interface LedgerActivities {
  openLedger(account: string, date: string, cash: Paise): Promise<void>;
  recordIntent(intent: Intent): Promise<void>;
  recordPosition(intentId: string, record: PositionRecord): Promise<void>;
  settlePosition(intentId: string, view: PositionView): Promise<Settlement>;
  /** Records that a position goes on in the next session. */
  carryPosition(intentId: string, carry: Carry): Promise<void>;
  /** Records the kill switch where each entry looks before it is sent. */
  recordHalt(account: string, halt: HaltRecord): Promise<void>;
  readHalt(account: string): Promise<HaltRecord>;
}

/** @param crashPoint where a test may end the process, around a commit. */
export function createLedgerActivities(
  pool: Pool,
  crashPoint: (name: string) => Promise<void>,
): LedgerActivities {
  return {
    openLedger: (account, date, cash) =>
      inTransaction(pool, (client) =>
        post(client, { account, date }, openingTransaction(account, date, cash)),
      ),
    recordIntent: async (intent) => {
      await pool.query(
        `insert into intent (intent_id, account, date, tradingsymbol, direction, terms, created_host)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
        [
          intent.intentId,
          intent.account,
          intent.date,
          intent.instrument.tradingsymbol,
          intent.direction,
          intent,
          Date.now(),
        ],
      );
    },
    recordPosition: async (intentId, record) => {
      await crashPoint('ledger.beforeCommit');
      await recordPosition(pool, intentId, record);
      await crashPoint('ledger.afterCommit');
    },
    settlePosition: (intentId, view) => settlePosition(pool, intentId, view),
    carryPosition: (intentId, carry) => carryPosition(pool, intentId, carry),
    recordHalt: (account, halt) => recordHalt(pool, account, halt),
    readHalt: (account) => latestHalt(pool, account),
  };
}
