// The account's books against our records, once: what is found is told to the day, which acts on it.
import type { Pool } from 'pg';
import type { Intent, PositionTraces } from '../../domain/position';
import { compareBooks, type Finding, type KnownIntent } from '../../domain/reconciliation';
import { paise } from '../../domain/units';
import type { BooksReader } from './booksReader';

export interface Reconciliation {
  readonly findings: readonly Finding[];
  /** The intents to adopt, whole; the stuck ones among them, to be ended first. */
  readonly adoptable: readonly Adoptable[];
}

export interface Adoptable {
  readonly intent: Intent;
  readonly traces: PositionTraces;
}

export interface ReconcileActivities {
  /** @param running ids of the intents whose position is known to run. */
  reconcile(account: string, date: string, running: readonly string[]): Promise<Reconciliation>;
  /** Ends a position's workflow that cannot go on, so that another can take its place. */
  endStuck(account: string, intentId: string, attempts: number): Promise<void>;
}

interface IntentRow {
  readonly intent_id: string;
  readonly tradingsymbol: string;
  readonly terms: Intent;
  /** Signed. */
  readonly adopted: string;
  readonly entry_order_id: string | null;
  readonly stop: string | null;
}

const tracesOf = ({ entry_order_id: entryOrderId, stop }: IntentRow): PositionTraces => ({
  entryOrderId,
  stop: stop === null ? null : paise(Number(stop)),
});

export interface PositionWorkflows {
  /** How often the task it waits for has been tried; 0 when it waits for none. */
  taskAttempts(account: string, intentId: string): Promise<number>;
  end(account: string, intentId: string, why: string): Promise<void>;
}

export interface ReconcileDependencies {
  readonly pool: Pool;
  readonly books: BooksReader;
  readonly positions: PositionWorkflows;
}

export function createReconcileActivities({
  pool,
  books,
  positions,
}: ReconcileDependencies): ReconcileActivities {
  return {
    reconcile: async (account, date, running) => {
      const { orders, netQuantities } = await books.read();
      const { rows } = await pool.query<IntentRow>(
        `select i.intent_id, i.tradingsymbol, i.terms, coalesce((
           select sum(case f.side when 'BUY' then f.quantity else -f.quantity end) from fill f
           where f.intent_id = i.intent_id and not exists (select 1 from broker_order o where o.order_id = f.order_id)), 0) as adopted, (
           select f.order_id from fill f
           where f.intent_id = i.intent_id and f.side = case i.terms ->> 'direction' when 'LONG' then 'BUY' else 'SELL' end
           order by f.at limit 1) as entry_order_id, (
           select l.stop from level_change l where l.intent_id = i.intent_id order by l.host desc limit 1) as stop
         from intent i where i.account = $1 and i.date = $2`,
        [account, date],
      );
      const known = await Promise.all(
        rows.map(async (row): Promise<KnownIntent> => ({
          intentId: row.intent_id,
          tradingsymbol: row.tradingsymbol,
          running: running.includes(row.intent_id),
          taskAttempts: await positions.taskAttempts(account, row.intent_id),
          adopted: Number(row.adopted),
        })),
      );
      const findings = compareBooks(orders, netQuantities, known);
      const adopted = new Set(
        findings.flatMap((finding) =>
          finding.kind === 'adopt' || finding.kind === 'stuck' ? [finding.intentId] : [],
        ),
      );
      return {
        findings,
        adoptable: rows
          .filter((row) => adopted.has(row.intent_id))
          .map((row) => ({ intent: row.terms, traces: tracesOf(row) })),
      };
    },
    endStuck: (account, intentId, attempts) =>
      positions.end(account, intentId, `its task failed ${attempts} times: adopted anew`),
  };
}
