/**
 * A broken rule that cannot be worked around. Inside a workflow it fails the workflow task; a position whose
 * task keeps failing is found by reconciliation.
 */
class InvariantError extends Error {}

/**
 * Checks a rule, in production too.
 * @throws InvariantError with the rule's text, e.g. `Invariant: the stop never loosens`.
 */
export function invariant(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new InvariantError(rule);
}

/** Makes a switch exhaustive: reaching it is a programmer's error. */
export function unreachable(value: never): never {
  throw new InvariantError(`Invariant: unexpected value ${JSON.stringify(value)}`);
}
