// Flags of the exchange that become options: JSON, files, and those that depend on each other. Any fault in
// them is one sentence.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { RateCard } from '../domain/charges';
import { Refused, wordsOf } from '../domain/errors';
import type { TradingCalendar } from '../domain/session/calendar';
import { calendarFrom } from '../domain/session/calendarList';
import { nseCalendar } from '../domain/session/nseCalendar';
import { issueSentence } from '../domain/settings/issueSentence';
import { paise, paiseFromRupees } from '../domain/units';
import { parseScript, type ScriptedCall } from './admin/script';
import type { HoldingTerms } from './engine/holdings';
import type { Flags } from './flags';
import type { ScriptedStock } from './market/scripted';
import type { Profile } from './rest/profile';
import type { TlsText } from './server';

const scriptedShape = z.strictObject({
  tradingsymbol: z.string().min(1),
  price: z.number().positive(),
  isIndex: z.boolean().default(false),
  hasDerivatives: z.boolean().default(true),
});

/** @throws Refused when the text is not a list of stocks with prices. */
export function scriptedStocks(text: string): readonly ScriptedStock[] {
  return listIn(text, z.array(scriptedShape).min(1), {
    flag: '--scripted',
    code: 'SCRIPTED_STOCKS',
    like: '[{"tradingsymbol":"T","price":10}]',
  });
}

const holdingShape = z.strictObject({
  tradingsymbol: z.string().min(1),
  quantity: z.int().nonnegative(),
  t1Quantity: z.int().nonnegative().optional(),
  averagePrice: z.number().positive(),
  authorisedQuantity: z.int().nonnegative().optional(),
});

/** @throws Refused when the text is not a list of holdings. */
export function holdingsOf(text: string): readonly HoldingTerms[] {
  const held = listIn(text, z.array(holdingShape), {
    flag: '--holdings',
    code: 'HOLDINGS',
    like: '[{"tradingsymbol":"INFY","quantity":10,"averagePrice":1500}]',
  });
  return held.map((one) => ({ ...one, averagePrice: paiseFromRupees(one.averagePrice) }));
}

interface ListFlag {
  readonly flag: string;
  readonly code: 'SCRIPTED_STOCKS' | 'HOLDINGS';
  /** What a list may look like. */
  readonly like: string;
}

/** @throws Refused naming the first key or value that is wrong. */
function listIn<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  { flag, code, like }: ListFlag,
): z.infer<Schema> {
  const value = textAsJson(text);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const why = Array.isArray(value)
    ? issueSentence(schema, value, parsed.error.issues)
    : 'it must be a JSON list';
  throw new Refused({ code, message: `${flag}: ${why} (a list like ${like})` });
}

const ppb = z.int().nonnegative().max(1_000_000_000);
const productShape = z.strictObject({
  brokerage: ppb,
  brokerageCap: z.int().nonnegative().transform(paise),
  sttOnBuy: ppb,
  sttOnSell: ppb,
  stampOnBuy: ppb,
});
const rateCardShape = z.strictObject({
  since: z.iso.date(),
  exchangeTurnover: ppb,
  sebiTurnover: ppb,
  gst: ppb,
  MIS: productShape,
  CNC: productShape,
});

/** Rate cards, oldest first. @throws Refused naming the first field that is wrong. */
export function rateCardsIn(file: string): readonly RateCard[] {
  const cards = z.array(rateCardShape).min(1);
  const value = textAsJson(fileText(file, '--rate-cards'));
  const parsed = cards.safeParse(value);
  if (parsed.success)
    return parsed.data.toSorted((one, other) => (one.since < other.since ? -1 : 1));
  throw new Refused({
    code: 'RATE_CARDS',
    message: `--rate-cards "${file}": ${issueSentence(cards, value, parsed.error.issues)}`,
  });
}

/** The shipped calendar with the file's changes. @throws Refused in one sentence. */
export const calendarIn = (file: string): TradingCalendar =>
  calendarFrom(`--calendar ${file}`, textAsJson(fileText(file, '--calendar')), nseCalendar);

function fileText(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = wordsOf(error);
    throw new Refused({ code: 'FLAG_FILE', message: `${flag} "${file}" cannot be read: ${why}` });
  }
}

/** Admin calls at the start and at market instants. @throws Refused naming the entry that is wrong. */
export function scriptOf({ faults, loginElsewhere = [] }: Flags): readonly ScriptedCall[] {
  const calls = faults === undefined ? [] : parseScript(fileText(faults, '--faults'));
  const logins = loginElsewhere.map((at) => ({ at, call: 'POST /paper/session/login-elsewhere' }));
  return [...calls, ...logins];
}

/** What the flags say of the account; the rest is as usual. */
export function profileOf({ user, segments, products, dematConsent }: Flags): Partial<Profile> {
  return {
    ...(user === undefined ? {} : { userId: user }),
    ...(segments === undefined ? {} : { segments }),
    ...(products === undefined ? {} : { products }),
    ...(dematConsent === undefined ? {} : { dematConsent }),
  };
}

/**
 * Where the clock stands first. Without admin calls nobody can start it or ask where it is, so it is the host's
 * unless a date or a time is named. @throws Refused for a clock that nothing could start.
 */
export function startOf({ startAt, admin, date, held, openNow }: Flags): { startAt?: string } {
  if (!admin && held === true) {
    throw new Refused({
      code: 'EXCHANGE_HELD',
      message: '--held needs the call that starts the clock: leave out --held or --no-admin',
    });
  }
  if (startAt !== undefined) return { startAt };
  const isHostTime = !admin && date === undefined && openNow !== true;
  return isHostTime ? { startAt: 'now' } : {};
}

/** @throws Refused for one flag without the other, and for a file that cannot be read. */
export function tlsOf({ tls, tlsKey }: Flags): { tls?: TlsText } {
  if (tls === undefined && tlsKey === undefined) return {};
  if (tls !== undefined && tlsKey !== undefined) {
    return { tls: { cert: fileText(tls, '--tls'), key: fileText(tlsKey, '--tls-key') } };
  }
  throw new Refused({
    code: 'EXCHANGE_TLS',
    message: '--tls and --tls-key belong together: one of them is missing',
  });
}

function textAsJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
