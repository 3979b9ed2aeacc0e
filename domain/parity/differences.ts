// Compares two records value by value, as JSON keeps them. A difference in the last digit of one number is a
// difference.
import { istTime } from '../session/sessionClock';
import type { EpochMs } from '../units';

/** What differs: a stock's judgement, risk's answer, or the position it became. */
export type ComparedKind = 'decision' | 'risk' | 'trade';

/** A stock and bar that is compared. */
export interface Compared {
  readonly kind: ComparedKind;
  readonly tradingsymbol: string;
  readonly barAt: EpochMs;
}

export interface Difference extends Compared {
  readonly field: string;
  /** Undefined where there is no value. */
  readonly stored: unknown;
  readonly replayed: unknown;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null;

function unequal(
  stored: Json | undefined,
  replayed: Json | undefined,
  field: string,
): Pick<Difference, 'field' | 'stored' | 'replayed'>[] {
  if (!isBranch(stored) || !isBranch(replayed))
    return stored === replayed ? [] : [{ field, stored, replayed }];
  const left = stored as Readonly<Record<string, Json>>;
  const right = replayed as Readonly<Record<string, Json>>;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    unequal(left[key], right[key], field === '' ? key : `${field}.${key}`),
  );
}

const asJson = (value: unknown): Json | undefined =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as Json);

/** Every value that differs. @param field the name of what is compared. */
export const differencesOf = (
  about: Compared,
  stored: unknown,
  replayed: unknown,
  field = '',
): readonly Difference[] =>
  unequal(asJson(stored), asJson(replayed), field).map((one) => ({ ...about, ...one }));

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/** A difference as one line of text. */
export const differenceLine = (one: Difference): string =>
  `${one.kind} ${one.tradingsymbol} ${istTime(one.barAt).slice(0, 5)} ${one.field}: the day has ${shown(one.stored)}, the replay ${shown(one.replayed)}`;
