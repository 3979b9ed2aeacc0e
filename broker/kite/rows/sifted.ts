// Rows of a list, strict about what may be ours. What cannot be ours is left out before it is read, so that
// a stranger's row can never make our own unreadable.
import type { z } from 'zod';
import { BrokerFailure } from '../../failure';

/** How one kind of row is read. */
export interface RowKind<T> {
  /** In words, for the failure: "the orders". */
  readonly what: string;
  readonly row: z.ZodType<T>;
  /** May this row, unread as it is, concern us? */
  readonly concernsUs: (row: Readonly<Record<string, unknown>>) => boolean;
  /** May it be left out where it cannot be read? Only of what is certainly a stranger's. */
  readonly isStrangers?: (row: Readonly<Record<string, unknown>>) => boolean;
}

const isRecord = (row: unknown): row is Readonly<Record<string, unknown>> =>
  typeof row === 'object' && row !== null && !Array.isArray(row);

/** The rows that concern us. @throws BrokerFailure `unreadable` naming field and value of the first that lies. */
export function siftedRows<T>({ what, row, ...kind }: RowKind<T>, answer: unknown): readonly T[] {
  if (!Array.isArray(answer)) throw new BrokerFailure('unreadable', `${what} came as no list`);
  return (answer as readonly unknown[]).flatMap((raw) => {
    if (!isRecord(raw)) throw new BrokerFailure('unreadable', `${what} hold ${String(raw)}`);
    if (!kind.concernsUs(raw)) return [];
    const parsed = row.safeParse(raw);
    if (parsed.success) return [parsed.data];
    if (kind.isStrangers?.(raw) === true) return [];
    throw new BrokerFailure('unreadable', `${what}: ${sentenceOf(parsed.error, raw)}`);
  });
}

/** An answer of one piece. @throws BrokerFailure `unreadable`. */
export function readWhole<T>(what: string, shape: z.ZodType<T>, answer: unknown): T {
  const parsed = shape.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new BrokerFailure('unreadable', `${what}: ${sentenceOf(parsed.error, answer)}`);
}

/**
 * Answers by name, where none depends on another: one that lies is left out and told of, as if the broker did not
 * know the name. @throws BrokerFailure `unreadable` where there are no names at all.
 */
export function readableOf<T>(
  what: string,
  shape: z.ZodType<T>,
  answer: unknown,
): ReadonlyMap<string, T> {
  if (!isRecord(answer)) throw new BrokerFailure('unreadable', `${what} came without names`);
  return new Map(
    Object.entries(answer).flatMap(([name, raw]): [string, T][] => {
      const parsed = shape.safeParse(raw);
      if (parsed.success) return [[name, parsed.data]];
      console.error(`${what}: ${name} is left out: ${sentenceOf(parsed.error, raw)}`);
      return [];
    }),
  );
}

function sentenceOf({ issues: [issue] }: z.ZodError, raw: unknown): string {
  const path = issue?.path ?? [];
  const value = path.reduce<unknown>(
    (at, key) => (isRecord(at) || Array.isArray(at) ? Reflect.get(at, key) : undefined),
    raw,
  );
  return `${path.join('.')} was ${value === undefined ? 'missing' : JSON.stringify(value)}: ${issue?.message ?? ''}`;
}
