// A second Ratchet on the same account shows in the broker's books: orders of our form that we have no record of.
import type { Pool } from 'pg';
import type { AccountBooks } from '../../broker/port';
import { intentOfTag, isIntentTag } from '../../domain/position';

/**
 * @param pool null while the system is not up: then any order of our form is a question.
 * @returns what speaks for a second installation, in words; null where nothing does.
 * @throws Error in one sentence when it cannot be told.
 */
export async function strangersOfOurForm(
  { orders }: Pick<AccountBooks, 'orders'>,
  pool: Pool | null,
  account: string,
): Promise<string | null> {
  const intents = [
    ...new Set(
      orders.flatMap(({ tag }) => (tag !== null && isIntentTag(tag) ? [intentOfTag(tag)] : [])),
    ),
  ];
  if (intents.length === 0) return null;
  if (pool === null)
    throw new Error(
      `today’s books hold ${intents.length} orders of our form, and our records of them are not up: run \`ratchet up\`, then check again`,
    );
  const { rows } = await pool.query<{ intent_id: string }>(
    'select intent_id from intent where account = $1 and intent_id = any($2)',
    [account, intents],
  );
  const ours = new Set(rows.map(({ intent_id }) => intent_id));
  const strangers = intents.filter((intent) => !ours.has(intent));
  return strangers.length === 0
    ? null
    : `orders of our form that we did not send: ${strangers.slice(0, 3).join(', ')}`;
}
