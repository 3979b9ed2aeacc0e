// What is recorded of every change of which version answers, and who keeps the record.
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
  /** Who moves the rollout on when a step has passed; the guard is always the server's own. */
  readonly conductor: 'server' | 'workflow';
  /** Makes starting the same rollout twice one start, and salts its assignment. */
  readonly id?: string | undefined;
}

/** Keeps changes beyond the life of this process, and says how the models stood when it began. */
export interface ChangeRecord {
  /** Must not throw for a passing fault: a full disk or a lost database must not hold up the guard. */
  readonly append: (change: RolloutChange) => void;
  /** The stable version per model after the last change. @throws Fatal when the record can not be read. */
  readonly stableVersions: () => Promise<ReadonlyMap<string, string>>;
  /** Starts telling of changes other servers made, in order. */
  readonly follow?: (onChange: (change: RolloutChange) => Promise<void>) => void;
  readonly close: () => Promise<void>;
}
