// When an item was published. Feeds write dates in many ways, and JavaScript's own reader takes the month first and
// the machine's zone where none is written. Here the day comes first and the zone is India's. What is not
// wholly understood is no date.
import { epochMs, type EpochMs } from '../../domain/units';

const minuteMs = 60_000;
const india = 330;

/** Minutes ahead of UTC. IST is India's: these are feeds on Indian stocks. */
const zones: Readonly<Record<string, number>> = {
  ...{ z: 0, ut: 0, utc: 0, gmt: 0, wet: 0, ist: india },
  ...{ est: -300, edt: -240, cst: -360, cdt: -300, mst: -420, mdt: -360, pst: -480, pdt: -420 },
  ...{ bst: 60, cet: 60, cest: 120, eet: 120, eest: 180, msk: 180, gst: 240, pkt: 300, npt: 345 },
  ...{ sgt: 480, hkt: 480, jst: 540, kst: 540, aest: 600, aedt: 660 },
};
const months =
  'january february march april may june july august september october november december'.split(
    ' ',
  );
/** Before the first of these years there were no feeds; such dates are defaults of programs. */
const [yearMin, yearMax] = [1990, 2199];

const halfOfDay = '([ap])\\.?\\s?m\\b\\.?';
const timeForms = [
  new RegExp(
    `(?<![\\d:.+])(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?(?!\\d|:)(?:\\s*${halfOfDay})?`,
    'i',
  ),
  new RegExp(`(?<![\\d:.])(\\d{1,2})(?:\\.(\\d{2})(?:\\.(\\d{2}))?)?()\\s*${halfOfDay}`, 'i'),
  /(?<=\d{8}T)(\d{2})(\d{2})(\d{2})?(?:[.,](\d{1,9}))?()/i,
  /(?<!\d)(\d{2})(\d{2})()()()(?=\s*h(?:ou)?rs?\b)/i,
];
const afterTime = /^\s*h(?:ou)?rs?\b\.?/i;
const offset = /^\s*(?:utc|gmt|ist)?\s*([+-])\s?(\d{1,2})[:.]?(\d{2})?(?![\d/-])/i;
const zoneName = /^\s*([a-z]{1,4})\b\.?/i;

interface Found {
  /** Milliseconds into the day. */
  readonly time: number;
  /** Minutes ahead of UTC, where a zone is written. */
  readonly zone: number | undefined;
  /** The text without time and zone. */
  readonly rest: string;
}

/** The instant; null where the text is no date. A date without a time is its midnight in India. */
export function publishedAt(written: string): EpochMs | null {
  const counted = sinceEpoch(written.trim());
  if (counted !== null) return checked(counted);
  const [text, comment] = withoutComment(written);
  const found = timeOf(text);
  if (found === null) return null;
  const day = dayOf(found.rest);
  if (day === null) return null;
  const zone = found.zone ?? zones[comment.toLowerCase()] ?? india;
  return checked(day + found.time - zone * minuteMs);
}

function checked(at: number): EpochMs | null {
  const year = new Date(at).getUTCFullYear();
  return year >= yearMin && year <= yearMax ? epochMs(at) : null;
}

/** Seconds or milliseconds, alone or as .NET writes them. */
function sinceEpoch(text: string): number | null {
  const [, digits = ''] = /^(?:\/Date\()?(\d{10}|\d{13})(?:[+-]\d{4})?(?:\)\/)?$/.exec(text) ?? [];
  if (digits === '') return null;
  return digits.length === 10 ? Number(digits) * 1_000 : Number(digits);
}

function withoutComment(written: string): readonly [text: string, comment: string] {
  const text = written
    .slice(0, 100)
    .replace(/[\s\u00a0]+/g, ' ')
    .replace(/[\u2010-\u2015\u2212]/g, '-');
  const [whole = '', comment = ''] = /\(([^()]*)\)/.exec(text) ?? [];
  return [(whole === '' ? text : text.replace(whole, ' ')).trim(), comment.trim()];
}

function timeOf(text: string): Found | null {
  const match = timeForms.map((form) => form.exec(text)).find((found) => found !== null);
  if (match === undefined) return { time: 0, ...zoneAtEnd(text) };
  const time = timeOfDay(match);
  if (time === null) return null;
  const before = text.slice(0, match.index);
  const after = text.slice(match.index + match[0].length).replace(afterTime, '');
  const { zone, length } = zoneAt(after);
  return Number.isNaN(zone) ? null : { time, zone, rest: `${before} ${after.slice(length)}` };
}

function timeOfDay([, hours = '', ...rest]: RegExpExecArray): number | null {
  const [minutes = '0', seconds = '0', fraction = '', half = ''] = rest.map(
    (part) => part || undefined,
  );
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)];
  const isMidnight = hour === 24 && minute + second === 0;
  if ((hour > 23 && !isMidnight) || minute > 59 || second > 60) return null;
  const millis = Math.floor(Number(`0.${fraction}0`) * 1_000);
  return ((onClock(hour, half.toLowerCase()) * 60 + minute) * 60 + second) * 1_000 + millis;
}

/** The hour of the day. @param half `a` or `p`, where it is written. */
function onClock(hour: number, half: string): number {
  if (half === '') return hour;
  if (hour === 12) return half === 'p' ? 12 : 0;
  return half === 'p' && hour < 12 ? hour + 12 : hour;
}

/** The zone at the start of what follows the time. Its minutes are NaN where no zone is so far ahead. */
function zoneAt(after: string): { readonly zone: number | undefined; readonly length: number } {
  const [written, sign, hours = '', minutes = '0'] = offset.exec(after) ?? [];
  if (written !== undefined) {
    const ahead = Number(hours) * 60 + Number(minutes);
    const isZone = Number(hours) <= 14 && Number(minutes) <= 59;
    return { zone: isZone ? (sign === '-' ? -ahead : ahead) : NaN, length: written.length };
  }
  const [named = '', name = ''] = zoneName.exec(after) ?? [];
  const zone = zones[name.toLowerCase()];
  return { zone, length: zone === undefined ? 0 : named.length };
}

function zoneAtEnd(text: string): { readonly zone: number | undefined; readonly rest: string } {
  const [written = '', name = ''] = /\s([a-z]{2,4})$/i.exec(text) ?? [];
  const zone = zones[name.toLowerCase()];
  return { zone, rest: zone === undefined ? text : text.slice(0, -written.length) };
}

const weekday = /\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?/gi;
const ordinal = '(?:st|nd|rd|th)?';
const monthName = '([a-z]{3,9})';
const year = "'?(\\d{4}|\\d{2})";
const between = '[\\s./-]*';
type Parts = readonly [year: string, month: string, day: string];
const dayForms: readonly (readonly [RegExp, (...groups: string[]) => Parts])[] = [
  [/^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})t?$/i, (y, _, m, d) => parts(y, m, d)],
  [/^(\d{4})(\d{2})(\d{2})t?$/i, (y, m, d) => parts(y, m, d)],
  [
    new RegExp(`^(\\d{1,2})${ordinal}${between}${monthName}${between}${year}$`, 'i'),
    (d, m, y) => parts(y, m, d),
  ],
  [
    new RegExp(`^${monthName}${between}(\\d{1,2})${ordinal}${between}${year}$`, 'i'),
    (m, d, y) => parts(y, m, d),
  ],
  [
    new RegExp(`^(\\d{4})${between}${monthName}${between}(\\d{1,2})$`, 'i'),
    (y, m, d) => parts(y, m, d),
  ],
  [/^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})t?$/i, (d, _, m, y) => parts(y, m, d)],
];
const parts = (y = '', m = '', d = ''): Parts => [y, m, d];

/** Midnight UTC of the date, ms; null where the text is none or the day is not in the calendar. */
function dayOf(text: string): number | null {
  const bare = text
    .replace(weekday, ' ')
    .replace(/\b(?:at|on)\b|[,|@]/gi, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s-]+|[\s-]+$/g, '');
  for (const [form, order] of dayForms) {
    const [whole, ...groups] = form.exec(bare) ?? [];
    if (whole !== undefined) return calendarDay(order(...groups));
  }
  return null;
}

function calendarDay([y, m, d]: Parts): number | null {
  const month = /^\d/.test(m) ? Number(m) - 1 : monthOf(m);
  const full = y.length === 2 ? Number(y) + (Number(y) < 70 ? 2_000 : 1_900) : Number(y);
  const at = Date.UTC(full, month, Number(d));
  const found = new Date(at);
  return found.getUTCMonth() === month && found.getUTCDate() === Number(d) ? at : null;
}

/** Its index, by three letters or more; −1 where no month begins so. */
const monthOf = (name: string): number =>
  months.findIndex((month) => month.startsWith(name.toLowerCase().replace(/^sept$/, 'sep')));
