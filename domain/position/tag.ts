// The tags of our orders. An intent's id is the broker's tag of every order it leads to, which tells our orders
// from everybody else's, and those of one installation from another's.
import { istInstant } from '../session/sessionClock';
import { epochMs, type EpochMs } from '../units';
import type { Intent } from './terms';

/** Three characters that a machine's Ratchet draws once. */
export type InstallationId = string;

/** Of what no account is traded with: backtests, and days recorded before there were any. */
export const noInstallation: InstallationId = '000';

const minuteMs = 60_000;
const minutesOfDay = 24 * 60;
const inBase36 = (value: number): string => value.toString(36).toUpperCase();

const stockPart = (date: string, instrumentToken: number): string =>
  `R${date.slice(2).replaceAll('-', '')}${inBase36(instrumentToken)}T`;

/**
 * An intent's id, at most 19 alphanumeric characters: date, stock, the bar's minute of that day, installation. A
 * correction's tag has one more.
 * @param barEnd market clock, on that date. @throws RangeError when it is not.
 */
export function intentIdOf(
  date: string,
  instrumentToken: number,
  barEnd: EpochMs,
  installation: InstallationId = noInstallation,
): string {
  const minute = Math.floor((barEnd - istInstant(date, '00:00')) / minuteMs);
  if (minute < 0 || minute >= minutesOfDay)
    throw new RangeError(`the bar must end on ${date}, but ends ${minute} minutes after its start`);
  return `${stockPart(date, instrumentToken)}${inBase36(minute).padStart(3, '0')}${installation}`;
}

/** The end of the bar an intent was decided on; undefined for an id that `intentIdOf` did not make. */
export function barEndOf({
  intentId,
  date,
  instrument,
}: Pick<Intent, 'intentId' | 'date' | 'instrument'>): EpochMs | undefined {
  const start = stockPart(date, instrument.instrumentToken);
  const rest = intentId.startsWith(start) ? intentId.slice(start.length) : '';
  return /^[0-9A-Z]{6}$/.test(rest)
    ? epochMs(istInstant(date, '00:00') + Number.parseInt(rest.slice(0, 3), 36) * minuteMs)
    : undefined;
}

/** Is this the tag of an order of ours, corrections included? */
export const isIntentTag = (tag: string): boolean => /^R\d{6}[0-9A-Z]+T[0-9A-Z]+c?$/.test(tag);

/** Whose order a tag of our form names; undefined of one that names nobody. */
export const installationOf = (tag: string): InstallationId | undefined =>
  /^R\d{6}[0-9A-Z]+T[0-9A-Z]{3}([0-9A-Z]{3})c?$/.exec(tag)?.[1];
