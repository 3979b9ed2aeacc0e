/**
 * SQL condition on `intent i` for account $1 and session $2: intents of that session, and intents of earlier
 * sessions carried into it and not closed before.
 */
export const heldInSession = `i.account = $1 and (i.date = $2 or (i.date < $2 and i.terms ->> 'product' = 'CNC'
  and coalesce((select closed.date from position_result closed where closed.intent_id = i.intent_id), $2) >= $2))`;
