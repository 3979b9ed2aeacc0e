// Flags of the exchange whose value is JSON, or a file of JSON. Any fault in it is one sentence.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { RateCard } from '../domain/charges';
import { Refused } from '../domain/errors';
import type { TradingCalendar } from '../domain/session/calendar';
import { calendarFrom } from '../domain/session/calendarList';
import { nseCalendar } from '../domain/session/nseCalendar';
import { paise, paiseFromRupees } from '../domain/units';
import { parseScript, type ScriptedCall } from './admin/script';
import type { HoldingTerms } from './engine/holdings';
import type { ScriptedStock } from './market/scripted';

const scriptedShape = z.object({
  tradingsymbol: z.string().min(1),
  price: z.number().positive(),
  isIndex: z.boolean().default(false),
  hasDerivatives: z.boolean().default(true),
});

/** @throws Refused when the text is not a list of stocks with prices. */
export function scriptedStocks(text: string): readonly ScriptedStock[] {
  const parsed = z.array(scriptedShape).min(1).safeParse(textAsJson(text));
  if (parsed.success) return parsed.data;
  throw new Refused({
    code: 'SCRIPTED_STOCKS',
    message: '--scripted must be a JSON list like [{"tradingsymbol":"T","price":10}]',
  });
}

const holdingShape = z.object({
  tradingsymbol: z.string().min(1),
  quantity: z.int().nonnegative(),
  t1Quantity: z.int().nonnegative().optional(),
  averagePrice: z.number().positive(),
  authorisedQuantity: z.int().nonnegative().optional(),
});

/** @throws Refused when the text is not a list of holdings. */
export function holdingsOf(text: string): readonly HoldingTerms[] {
  const parsed = z.array(holdingShape).safeParse(textAsJson(text));
  if (parsed.success) {
    return parsed.data.map((one) => ({ ...one, averagePrice: paiseFromRupees(one.averagePrice) }));
  }
  throw new Refused({
    code: 'HOLDINGS',
    message:
      '--holdings must be a JSON list like [{"tradingsymbol":"INFY","quantity":10,"averagePrice":1500}]',
  });
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
  const parsed = z
    .array(rateCardShape)
    .min(1)
    .safeParse(textAsJson(fileText(file, '--rate-cards')));
  if (parsed.success)
    return parsed.data.toSorted((one, other) => (one.since < other.since ? -1 : 1));
  const [issue] = parsed.error.issues;
  throw new Refused({
    code: 'RATE_CARDS',
    message: `--rate-cards "${file}" is wrong at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  });
}

/** The shipped calendar with the file's changes. @throws Refused in one sentence. */
export const calendarIn = (file: string): TradingCalendar =>
  calendarFrom(`--calendar ${file}`, textAsJson(fileText(file, '--calendar')), nseCalendar);

function fileText(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused({ code: 'FLAG_FILE', message: `${flag} "${file}" cannot be read: ${why}` });
  }
}

/** @throws Refused when the file cannot be read or an entry is wrong. */
export const scriptIn = (file: string): readonly ScriptedCall[] =>
  parseScript(fileText(file, '--faults'));

function textAsJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
