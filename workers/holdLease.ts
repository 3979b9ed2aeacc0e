// Holds the account's lease for as long as the worker runs. A worker that cannot have it does not start; one
// that loses it ends at once, since two that trade one account would each keep limits of their own.
import { hostname } from 'node:os';
import { leaseRenewedAgo, returnLease, takeLease } from '../activities/ledger/lease';
import { Fatal } from '../domain/errors';
import type { WorkerEnvironment } from './environment';

const renewEveryMs = 5_000;

type LeaseParts = Pick<WorkerEnvironment, 'pool' | 'config' | 'installation'>;

export interface Lease {
  /** How long nobody had renewed it, though it was never given back, ms; null where it was. */
  readonly deadMs: number | null;
  readonly giveBack: () => Promise<void>;
}

/**
 * @param lost called with one sentence when another installation has taken the lease.
 * @throws Fatal LEASE_HELD when another installation holds it.
 */
export async function holdLease(
  { pool, config: { account }, installation }: LeaseParts,
  lost: (why: string) => void,
): Promise<Lease> {
  const own = { installation, host: hostname() };
  const deadMs = await leaseRenewedAgo(pool, account);
  const refusal = async (): Promise<string | null> => {
    const holder = await takeLease(pool, account, own);
    return holder === null
      ? null
      : `account ${account} is traded by installation ${holder.installation} on host ${holder.host}; stop it there first`;
  };
  const held = await refusal();
  if (held !== null) throw new Fatal({ code: 'LEASE_HELD', message: held });
  // A database that is away renews nothing, here or elsewhere.
  const renewing = setInterval(
    () =>
      void refusal().then(
        (why) => why !== null && lost(why),
        () => undefined,
      ),
    renewEveryMs,
  );
  return {
    deadMs,
    giveBack: async () => {
      clearInterval(renewing);
      await returnLease(pool, account, installation).catch(() => undefined);
    },
  };
}
