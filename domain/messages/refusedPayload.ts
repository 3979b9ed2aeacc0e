// What the payload codec puts in the place of a payload that is not ours. A codec that threw would fail the
// workflow task for ever, so the workflow is handed this instead, and refuses the message that carries it.

const key = 'ratchet.refused';

/** In the place of a payload that was not written by this installation. */
export interface RefusedPayload {
  readonly 'ratchet.refused': string;
}

/** @param why in words, for the log. */
export const refusedPayload = (why: string): RefusedPayload => ({ [key]: why });

/** Why a value was refused; undefined for any value that is ours. */
export function whyRefused(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !(key in value)) return undefined;
  return String(value[key]);
}

/** The first reason among several values. */
export const whyAnyRefused = (values: readonly unknown[]): string | undefined =>
  values.map(whyRefused).find((why) => why !== undefined);
