// Reports to the model server how the trades on its answers turned out, from the settled records alone. No
// position waits for this or knows of it. A trade is reported until the server has answered, and only where
// an A/B test asked for it with the score. A day after the close it is too late for any step of a rollout.
import type { Pool } from 'pg';
import { barEndOf, type Intent } from '../../domain/position';
import { scoreKeyOf, signalModel, tradeSucceeded } from '../../domain/rollout/tradeOutcome';
import { paise } from '../../domain/units';
import type { OutcomeClient } from './index';

interface SettledRow {
  readonly terms: Intent;
  readonly fills: string;
  readonly gross_pnl: string;
  readonly charges: string;
}

interface Told {
  readonly intentId: string;
  readonly routingKey: string;
  readonly success: boolean;
}

const toldWithinMs = 86_400_000;
const atOnce = 100;

/**
 * Reports the settled trades that were asked for and not reported yet. @param now host clock, epoch
 * milliseconds.
 * @returns how many were reported. @throws Error when the server cannot be reached; the rest waits.
 */
export async function tellOutcomes(
  pool: Pool,
  client: OutcomeClient,
  now: number,
): Promise<number> {
  const settled = await untoldTrades(pool, now);
  const asked = await askedFor(
    pool,
    settled.map(({ routingKey }) => routingKey),
  );
  const wanted = settled.filter(({ routingKey }) => asked.has(routingKey));
  for (const { intentId, routingKey, success } of wanted) {
    const answer = await client.reportOutcome(signalModel, { routingKey, success });
    await pool.query(
      `insert into model_outcome (intent_id, model, routing_key, success, answer, told_host)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [intentId, signalModel, routingKey, success, answer, now],
    );
  }
  return wanted.length;
}

async function untoldTrades(pool: Pool, now: number): Promise<readonly Told[]> {
  const { rows } = await pool.query<SettledRow>(
    `select i.terms, r.gross_pnl, r.charges, (select count(*) from fill f where f.intent_id = r.intent_id) as fills
     from position_result r join intent i using (intent_id)
     where r.closed_host > $1 and not exists (select 1 from model_outcome o where o.intent_id = r.intent_id)
     order by r.closed_host`,
    [now - toldWithinMs],
  );
  return rows.flatMap(({ terms, ...money }) => {
    const barEnd = barEndOf(terms);
    const success = tradeSucceeded({
      fills: Number(money.fills),
      grossPnl: paise(Number(money.gross_pnl)),
      charges: paise(Number(money.charges)),
    });
    if (barEnd === undefined || success === undefined) return [];
    const { intentId, account, instrument } = terms;
    const routingKey = scoreKeyOf(account, instrument.tradingsymbol, barEnd);
    return [{ intentId, routingKey, success }];
  });
}

/** The keys under which an A/B test waits. */
async function askedFor(pool: Pool, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ key: string }>(
    `select trail->'model'->>'outcomeKey' as key from analysis
     where trail->'model'->>'outcomeKey' = any($1) limit $2`,
    [keys, atOnce],
  );
  return new Set(rows.map(({ key }) => key));
}
