// The broker takes no orders from this machine's address. That is one alarm of the account, and no more
// entries leave until a person allows them again. A new alarm follows only after that.
import type { Pool } from 'pg';
import { wordsOf } from '../domain/errors';
import type { AlertInput } from '../activities/alerts';
import { latestHalt, recordHalt, resumedAt } from '../activities/ledger/halts';
import type { AlertBody } from '../domain/alerts/catalogue';

export interface AddressRefusedParts {
  readonly account: string;
  readonly pool: Pool;
  /** Starts the alert's delivery; an alert that has been raised is raised no more. */
  readonly raise: (alert: AlertInput) => Promise<void>;
  readonly tellDay: (reason: string) => Promise<void>;
  /** Hears what could not be done. */
  readonly warn: (sentence: string) => void;
}

/** Takes the broker's words for every refusal. Resolves when all is done, and never rejects. */
export function addressRefused(parts: AddressRefusedParts): (brokerSaid: string) => Promise<void> {
  let underWay: Promise<void> | undefined;
  return (brokerSaid) => {
    underWay ??= haltAndTell(parts, brokerSaid)
      .catch((error: unknown) =>
        parts.warn(`a refused address could not be told: ${wordsOf(error)}`),
      )
      .finally(() => (underWay = undefined));
    return underWay;
  };
}

const reasonMax = 200;

async function haltAndTell(
  { account, pool, raise, tellDay, warn }: AddressRefusedParts,
  brokerSaid: string,
): Promise<void> {
  const occasion = await resumedAt(pool, account);
  const { halted } = await latestHalt(pool, account);
  const reason = `address refused: ${brokerSaid}`.slice(0, reasonMax);
  if (!halted) await recordHalt(pool, account, { halted: true, reason, who: 'the worker' });
  await raise(alarm(account, occasion, brokerSaid));
  if (halted) return;
  await tellDay(reason).catch((error: unknown) => warn(`the day was not told: ${wordsOf(error)}`));
}

/** @param occasion since when entries were allowed, by which the alarm is known. */
function alarm(account: string, occasion: number, brokerSaid: string): AlertInput {
  const type = 'broker.address_refused';
  const body: AlertBody<typeof type> = { brokerSaid };
  const id = `${account}.${type}.${occasion}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  return { id, account, type, timestamp: new Date().toISOString(), body };
}
