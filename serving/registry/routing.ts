// Which version of a model answers a request: the stable one, a canary by the key's place, the version asked
// for, or the version before while the stable one is out of order.
import { inCanary } from '../../domain/rollout/assignment';
import { candidateShare, isMirrored, type Rollout } from '../../domain/rollout/rollout';
import { refused, retryable } from '../protocol/errors';
import type { ModelConfig } from '../repository/modelConfig';
import { unknownVersion } from '../repository/modelRepository';
import type { LoadedVersion } from './loadedVersion';

/** A model that has been loaded at least once. */
export interface ServedModel {
  readonly name: string;
  config: ModelConfig;
  readonly versions: Map<string, LoadedVersion>;
  /** The version that answers when the caller names none. */
  stable: string | undefined;
  /** The stable version before, kept loaded so that going back needs no loading. */
  previous: string | undefined;
  /** The rollout that shares the traffic, while there is one. */
  rollout: Rollout | undefined;
}

/**
 * Why a version answers: it is the stable one, a canary, asked for by number, or it stands in for a failed
 * one.
 */
export type Variant = 'stable' | 'canary' | 'requested' | 'fallback';

/** Where a request goes. */
export interface Routed {
  readonly loaded: LoadedVersion;
  readonly variant: Variant;
  /** The version that answers when a canary fails. */
  readonly standIn?: LoadedVersion | undefined;
  /** The version that gets a copy after the answer has left. */
  readonly mirror?: LoadedVersion | undefined;
}

/** The named version, or the stable one. @throws Refused MODEL_UNKNOWN, Retryable MODEL_UNAVAILABLE. */
export function standingVersion(model: ServedModel, version?: string): LoadedVersion {
  const { name } = model;
  const wanted = version ?? model.stable;
  if (wanted === undefined) {
    throw refused(
      'MODEL_UNKNOWN',
      `Request for unknown model: '${name}' has no available versions`,
    );
  }
  const loaded = model.versions.get(wanted);
  if (loaded === undefined) throw unknownVersion(name, wanted);
  if (loaded.state !== 'READY') {
    const why = loaded.reason ?? 'it is not ready';
    throw retryable('MODEL_UNAVAILABLE', `Model ${name} version ${wanted} is out: ${why}.`);
  }
  return loaded;
}

/**
 * The version for a request that names none. A request without a key is assigned at random.
 * @throws Refused MODEL_UNKNOWN, Retryable MODEL_UNAVAILABLE.
 */
export function routeByKey(model: ServedModel, key: string | undefined): Routed {
  const { rollout } = model;
  const { loaded, variant } = stableOf(model);
  const candidate = rollout === undefined ? undefined : model.versions.get(rollout.candidate);
  if (rollout === undefined || candidate?.state !== 'READY') return { loaded, variant };
  const share = candidateShare(rollout);
  const chosen = key === undefined ? Math.random() < share : inCanary(rollout.salt, key, share);
  if (chosen) return { loaded: candidate, variant: 'canary', standIn: loaded };
  return { loaded, variant, ...(isMirrored(rollout) && { mirror: candidate }) };
}

function stableOf(model: ServedModel): { loaded: LoadedVersion; variant: Variant } {
  const previous = model.versions.get(model.previous ?? '');
  const out = model.versions.get(model.stable ?? '')?.state === 'FAILED';
  if (out && previous?.state === 'READY') return { loaded: previous, variant: 'fallback' };
  return { loaded: standingVersion(model), variant: 'stable' };
}
