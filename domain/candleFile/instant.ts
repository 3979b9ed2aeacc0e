// The instants of a candle file. Without an offset a time is India's, on every machine.
import { epochMs, type EpochMs } from '../units';

export const instantForm =
  'a time like 2026-11-20T09:15:00+05:30, which without an offset is India’s';

export interface WrittenInstant {
  readonly at: EpochMs;
  /** null in a form whose times never have one. */
  readonly hasOffset: boolean | null;
}

const form =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})0*)?)?(?: ?(Z|[+-]\d\d(?::?\d\d)?))?)?$/;

/** How far India is ahead of UTC. */
export const indianMinutes = 330;
const minuteMs = 60_000;

/** Midnight of the date in UTC, epoch ms; null for 30 February and for years nobody has candles of. */
function midnight(date: string): number | null {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const at = Date.UTC(year, month - 1, day);
  const isReal = new Date(at).toISOString().startsWith(date);
  return isReal && year >= 1900 && year < 2200 ? at : null;
}

/** Minutes ahead of UTC of `Z` or an offset like `+05:30`; null where no place on earth has them. */
export function offsetMinutes(offset: string): number | null {
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.replace(':', '').slice(3));
  const isReal = minutes <= 14 * 60 && minutes % 15 === 0;
  return isReal ? (offset.startsWith('-') ? -minutes : minutes) : null;
}

/**
 * Reads instants; null for a text that is none. A bare date is its midnight.
 * @param zoneMinutes ahead of UTC, of a time without an offset; India’s when left out.
 */
export function instantReader(
  zoneMinutes: number = indianMinutes,
): (text: string) => WrittenInstant | null {
  const minutesOf = (offset: string | undefined): number | null =>
    offset === undefined ? zoneMinutes : offsetMinutes(offset);
  const midnights = new Map<string, number | null>();
  const offsets = new Map<string | undefined, number | null>();
  return (text) => {
    const found = form.exec(text);
    if (found === null) return null;
    const [, date = '', hours = '0', minutes = '0', seconds = '0', fraction = '', offset] = found;
    const day = remembered(midnights, date, midnight);
    const ahead = remembered(offsets, offset, minutesOf);
    const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)];
    if (day === null || ahead === null || hour > 23 || minute > 59 || second > 59) return null;
    const within = ((hour * 60 + minute) * 60 + second) * 1_000 + Number(fraction.padEnd(3, '0'));
    return { at: epochMs(day + within - ahead * minuteMs), hasOffset: offset !== undefined };
  };
}

/** Files have few dates and thousands of rows of each. */
function remembered<K, V>(known: Map<K, V>, key: K, make: (key: K) => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = make(key);
  known.set(key, value);
  return value;
}
