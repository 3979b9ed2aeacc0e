// The lines of the repository index, in Triton's words.
import type { ServedModel } from './routing';

/** One line of the repository index. */
export interface IndexEntry {
  readonly name: string;
  readonly version?: string;
  readonly state?: 'READY' | 'LOADING' | 'UNLOADING' | 'UNAVAILABLE';
  readonly reason?: string;
}

const indexStates = {
  LOADING: 'LOADING',
  READY: 'READY',
  DRAINING: 'UNLOADING',
  FAILED: 'UNAVAILABLE',
} as const;

/** One line per loaded version; a model that is not loaded has one line, with the reason if it failed. */
export function indexEntries(
  name: string,
  model: ServedModel | undefined,
  failure: string | undefined,
): readonly IndexEntry[] {
  if (model === undefined || model.versions.size === 0) {
    return [{ name, ...(failure !== undefined && { state: 'UNAVAILABLE', reason: failure }) }];
  }
  return [...model.versions.values()].map(({ version, state, reason }) => ({
    name,
    version,
    state: indexStates[state],
    ...(reason !== undefined && { reason }),
  }));
}
