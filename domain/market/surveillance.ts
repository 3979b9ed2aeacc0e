// Stocks that are never traded intraday: those in trade-to-trade series, known by the suffix of their symbol,
// and those on the exchange's surveillance lists, which the broker blocks for intraday products. Sources:
// docs/kite.md, Instruments and Intraday at the broker.
import { z } from 'zod';
import { Refused } from '../errors';
import { addDays, parseSessionDate, type SessionDate } from '../session/calendar';

/** A surveillance list with the date it was true on. */
export interface SurveillanceList {
  readonly asOf: SessionDate;
  /** The measure by tradingsymbol, such as `ASM stage 2`, `GSM stage 1`, `T2T`. */
  readonly stocks: Readonly<Record<string, string>>;
}

/**
 * A series suffix is a dash and two characters, like -BE. The ordinary series has none, and BAJAJ-AUTO is a
 * name.
 */
const series = /-([A-Z][0-9A-Z])$/;

export function seriesRefusal(tradingsymbol: string): string | null {
  const found = series.exec(tradingsymbol)?.[1];
  return found === undefined ? null : `series ${found}: not traded intraday`;
}

export function surveillanceRefusal(
  tradingsymbol: string,
  list: SurveillanceList | null,
): string | null {
  const measure = list?.stocks[tradingsymbol];
  return measure === undefined || list === null
    ? null
    : `under surveillance: ${measure} (list of ${list.asOf})`;
}

const listSchema = z.strictObject({
  asOf: z.string(),
  stocks: z.record(z.string().min(1), z.string().min(1).max(60)),
});
const ageMaxDays = 7;

/**
 * A surveillance list from a file, checked for a session.
 * @throws Refused SURVEILLANCE_LIST naming what is wrong; SURVEILLANCE_STALE when the list is of a later date
 * or too old.
 */
export function surveillanceList(value: unknown, date: SessionDate): SurveillanceList {
  const parsed = listSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Refused({
      code: 'SURVEILLANCE_LIST',
      message: `surveillance list: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not valid'}`,
    });
  }
  const list = { ...parsed.data, asOf: parseSessionDate(parsed.data.asOf) };
  if (list.asOf > date || list.asOf < addDays(date, -ageMaxDays))
    throw new Refused({
      code: 'SURVEILLANCE_STALE',
      message: `surveillance list: asOf ${list.asOf} must be ${date} or at most ${ageMaxDays} days before it`,
    });
  return list;
}
