// What is recorded of each change of the answering version, and the interface of the record.
import type { RolloutPolicy } from '../../domain/rollout/policy';
import type { Rollout } from '../../domain/rollout/rollout';
import type { EpochMs } from '../../domain/units';

/** One recorded change: who did what, when and why. */
export interface RolloutChange {
  readonly at: EpochMs;
  readonly model: string;
  readonly candidate: string;
  readonly by: string;
  readonly change: string;
  readonly reason: string;
  /** The version that answers after the change. */
  readonly stable: string;
  /** The rollout after the change; absent where there was none. */
  readonly rollout?: Rollout | undefined;
}

export interface StartOptions {
  readonly model: string;
  readonly candidate: string;
  readonly policy: Partial<RolloutPolicy>;
  readonly by: string;
  readonly reason: string;
  /** Who moves the rollout on after a passed step. The guard is always the server's own. */
  readonly conductor: 'server' | 'workflow';
  /**
   * Identifies the rollout, so that starting it twice starts it once. It also salts the assignment of keys.
   */
  readonly id?: string | undefined;
}

/** Stores changes beyond the life of this process, and tells which versions were stable when it began. */
export interface ChangeRecord {
  /** Must not throw for a passing fault, since a full disk or a lost database must not delay the guard. */
  readonly append: (change: RolloutChange) => void;
  /** The stable version per model after the last change. @throws Fatal when the record cannot be read. */
  readonly stableVersions: () => Promise<ReadonlyMap<string, string>>;
  /** Starts delivering the changes made by other servers, in order. */
  readonly follow?: (onChange: (change: RolloutChange) => Promise<void>) => void;
  readonly close: () => Promise<void>;
}
