// Reads typed values out of request parameters. A wrong one is named, as Kite does: "Invalid `price`."
import { paise, shares, type Paise, type Shares } from '../../domain/units';
import { inputError } from '../engine/kiteError';

/** Where a parameter is looked up: a form, a query or a JSON object. */
export type Lookup = (name: string) => string | undefined;

/** Reads the last value of a repeated key, as form parsers do. */
export const formLookup =
  (form: URLSearchParams): Lookup =>
  (name) =>
    form.getAll(name).at(-1);

/** Reads the fields of a JSON object; numbers and booleans as text. */
export const objectLookup =
  (object: Readonly<Record<string, unknown>>): Lookup =>
  (name) => {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw invalid(name);
  };

export const invalid = (name: string): Error => inputError(`Invalid \`${name}\`.`);

/** @throws KiteError when missing or empty. */
export function requiredText(lookup: Lookup, name: string): string {
  const text = lookup(name);
  if (text === undefined || text === '') throw inputError(`Missing \`${name}\`.`);
  return text;
}

/** @throws KiteError when present and not one of `allowed`. */
export function oneOf<T extends string>(
  lookup: Lookup,
  name: string,
  allowed: readonly T[],
  fallback?: T,
): T {
  const text = lookup(name);
  if ((text === undefined || text === '') && fallback !== undefined) return fallback;
  const found = allowed.find((item) => item === text);
  if (found === undefined)
    throw text === undefined ? inputError(`Missing \`${name}\`.`) : invalid(name);
  return found;
}

/** Is the flag set? Clients write `true`, Python's write `True`, some `1`. */
export const isSet = (lookup: Lookup, name: string): boolean =>
  /^(1|true)$/i.test(lookup(name) ?? '');

/** A rupee amount with at most four decimals; absent and empty are undefined. */
export function optionalPrice(lookup: Lookup, name: string): Paise | undefined {
  const text = lookup(name);
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,9}(\.\d{1,8})?$/.test(text)) throw invalid(name);
  const exact = Number(text) * 100;
  if (Math.abs(exact - Math.round(exact)) > 1e-6) throw invalid(name);
  return paise(Math.round(exact));
}

/** A whole number of shares; absent and empty are undefined. */
export function optionalQuantity(lookup: Lookup, name: string): Shares | undefined {
  const text = lookup(name);
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,10}(\.0+)?$/.test(text)) throw invalid(name);
  return shares(Number(text));
}

/** A decimal number within bounds; absent and empty are undefined. */
export function optionalNumber(
  lookup: Lookup,
  name: string,
  [least, most]: readonly [number, number],
): number | undefined {
  const text = lookup(name);
  if (text === undefined || text === '') return undefined;
  const value = /^-?\d{1,12}(\.\d{1,8})?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw invalid(name);
  return value;
}
