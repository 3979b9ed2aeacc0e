// The lines of the repository index, in Triton's words.
import type { ServedModel } from './routing';

/** One line of the repository index. */
export interface IndexEntry {
  readonly name: string;
  readonly version?: string;
  readonly state?: 'READY' | 'LOADING' | 'UNLOADING' | 'UNAVAILABLE';
  readonly reason?: string;
}

/** Why a model's last load failed. */
export interface LoadFailure {
  /** The version that was wanted; undefined where the config did not even say. */
  readonly version: string | undefined;
  readonly why: string;
}

const indexStates = {
  LOADING: 'LOADING',
  READY: 'READY',
  DRAINING: 'UNLOADING',
  FAILED: 'UNAVAILABLE',
} as const;

/** One line per loaded version, and one for a version that could not be loaded, with the reason. */
export function indexEntries(
  name: string,
  model: ServedModel | undefined,
  failure: LoadFailure | undefined,
): readonly IndexEntry[] {
  const loaded = [...(model?.versions.values() ?? [])].map(({ version, state, reason }) => ({
    name,
    version,
    state: indexStates[state],
    ...(reason !== undefined && { reason }),
  }));
  if (failure === undefined) return loaded.length > 0 ? loaded : [{ name }];
  const { version, why } = failure;
  return [
    ...loaded,
    { name, ...(version !== undefined && { version }), state: 'UNAVAILABLE', reason: why },
  ];
}
