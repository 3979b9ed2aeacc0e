// How often an address may present a wrong token: a bucket of tries that fills again with time. It bounds only what
// is wrong. A right token always passes, since everybody on this machine has the same address and could lock the
// others out.

export interface Bucket {
  /** Tries that are left, at the instant `at` (ms). */
  readonly left: number;
  readonly at: number;
}

export interface BucketTerms {
  /** Tries of an address that had none lately. */
  readonly tries: number;
  /** Time after which one more is allowed, ms. */
  readonly everyMs: number;
}

/** Takes one try at `now`. @returns the bucket afterwards, and whether there was a try left. */
export function takeTry(
  bucket: Bucket | undefined,
  { tries, everyMs }: BucketTerms,
  now: number,
): { readonly bucket: Bucket; readonly allowed: boolean } {
  const before = bucket ?? { left: tries, at: now };
  const left = Math.min(tries, before.left + Math.max(0, now - before.at) / everyMs);
  const allowed = left >= 1;
  return { bucket: { left: allowed ? left - 1 : left, at: now }, allowed };
}
