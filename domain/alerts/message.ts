// An alert as a message a person reads on a phone: which account, what has happened, what to do. Plain text.
import type { Alert } from './alert';
import { headline } from '../live/mode';
import { istDate, istTime } from '../session/sessionClock';
import { epochMs } from '../units';
import { otherAlerts, positionAlerts, type AlertType } from './catalogue';
import { sentences, type Said } from './sentences';

/** What is told. `type` may be one that this version does not know. */
export interface ToldAlert {
  readonly account: string;
  readonly type: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly body: Readonly<Record<string, string | number | boolean>>;
}

const catalogue: Readonly<Record<string, Alert>> = { ...positionAlerts, ...otherAlerts };
/** A receiver takes at most this many characters. */
const textMax = 4_000;

/** Good to know: it makes no sound. */
export const isQuiet = (type: string): boolean => catalogue[type]?.severity === 'info';

/** @param mode paper, shadow or live. */
export function messageOf({ account, type, timestamp, body }: ToldAlert, mode: string): string {
  const at = epochMs(Date.parse(timestamp));
  const severity = catalogue[type]?.severity ?? 'warning';
  const mark = severity === 'info' ? '' : ` · ${severity.toUpperCase()}`;
  const { what, act } = saidOf(type, body);
  const lines = [
    `${headline(mode, account)}${mark}`,
    what,
    ...(act === undefined ? [] : [`What to do: ${act}`]),
    `${istDate(at)} ${istTime(at)} IST`,
  ];
  return lines.join('\n').slice(0, textMax);
}

function saidOf(type: string, body: ToldAlert['body']): Said {
  const say = sentences[type as AlertType] as ((facts: ToldAlert['body']) => Said) | undefined;
  return say?.(body) ?? { what: `${catalogue[type]?.when ?? type}${factsOf(body)}` };
}

const factsOf = (body: ToldAlert['body']): string =>
  Object.entries(body)
    .map(([name, value]) => `\n${name}: ${value}`)
    .join('');
