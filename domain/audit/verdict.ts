// What a walk over the audit chain has found, and which of it is told first.

/** The last link of an account's chain when it was read. Whoever rewrites the chain cannot keep it. */
export interface AuditHead {
  /** Empty of what belongs to the whole installation. */
  readonly account: string;
  /** Number of the link, from 1. */
  readonly position: number;
  /** SHA-256, as hexadecimal digits. */
  readonly hash: string;
}

/**
 * What is wrong: a row differs from its last link, is gone, or has no link; a link is not the one that was written
 * in its place; links are missing before it; a head written down earlier is not in the chain.
 */
export type AuditFaultKind = 'changed' | 'removed' | 'inserted' | 'link' | 'gap' | 'head';

export interface AuditFault {
  readonly kind: AuditFaultKind;
  readonly account: string;
  /** Of the link; null of a row without one. */
  readonly position: number | null;
  /** The table, and the row's primary key as a JSON array. For a head, where it was written down and its hash. */
  readonly record: string;
  readonly key: string;
}

export interface AuditVerdict {
  readonly heads: readonly AuditHead[];
  readonly links: number;
  /** Everything that is wrong, the first broken row first. */
  readonly faults: readonly AuditFault[];
}

/** Faults in the order in which their rows were written; rows without a link and heads come last. */
export const inOrder = (faults: readonly AuditFault[]): readonly AuditFault[] =>
  faults.toSorted(
    (left, right) =>
      (left.position ?? Infinity) - (right.position ?? Infinity) ||
      Number(left.kind === 'head') - Number(right.kind === 'head') ||
      0,
  );

const owned = (account: string): string =>
  account === '' ? 'the installation' : `account ${account}`;

const words: Readonly<Record<AuditFaultKind, string>> = {
  changed: 'the row has been changed since it was sealed',
  removed: 'the row has been removed',
  inserted: 'the row has been inserted past the chain: no link seals it',
  link: 'the link that sealed it is not the one that was written here: it was changed or reordered',
  gap: 'links before the one that seals it have been removed',
  head: 'a head written down earlier is not in the chain: the chain has been rewritten or cut',
};

export const faultSentence = ({ kind, account, position, record, key }: AuditFault): string =>
  `${record} ${key}: ${words[kind]} (${owned(account)}${position === null ? '' : `, link ${position}`})`;

export const headSentence = ({ account, position, hash }: AuditHead): string =>
  `audit head of ${owned(account)}: link ${position}, ${hash}`;
