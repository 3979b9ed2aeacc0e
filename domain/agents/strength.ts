/** A strength as a share: below 0 is none, above 1 is full. */
export const toShare = (value: number): number => Math.min(1, Math.max(0, value));
