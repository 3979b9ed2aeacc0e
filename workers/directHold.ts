// Whether `close-all --direct` is at work on the account. Looked up twice a second beside the writes, not before
// each: a database that is away holds nothing up, and what was known ends by itself.
import type { Pool } from 'pg';
import { holdLasts } from '../activities/ledger/directHold';

/** The command waits longer than this before it acts. */
const lookEveryMs = 500;

export interface DirectHold {
  readonly isOn: () => boolean;
  readonly stop: () => void;
}

export function followDirectHold(pool: Pool, account: string): DirectHold {
  let until = 0;
  const look = (): Promise<void> =>
    holdLasts(pool, account).then(
      (ms) => {
        until = Date.now() + ms;
      },
      () => undefined,
    );
  const looking = setInterval(() => void look(), lookEveryMs);
  void look();
  return { isOn: () => Date.now() < until, stop: () => clearInterval(looking) };
}
