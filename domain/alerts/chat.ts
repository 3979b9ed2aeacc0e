// What a person may ask in a chat, and the answers. A chat can stop entries. Letting them go on is left to a
// person at the machine, since a phone may be in anybody's hand.
import { dayHeadline } from '../live/mode';
import { istTime } from '../session/sessionClock';
import {
  formatRupees,
  paise,
  type Direction,
  type EpochMs,
  type Paise,
  type Shares,
} from '../units';

export type ChatCommand =
  | { readonly kind: 'status' | 'positions' | 'resume' | 'help' }
  /** `reason` is empty where none was given. */
  | { readonly kind: 'halt'; readonly reason: string };

const known = ['status', 'positions', 'resume', 'help'] as const;
const reasonMax = 150;

/** The command of a message; null where it is none. One that is not known asks for help. */
export function commandOf(text: string): ChatCommand | null {
  // In a group, Telegram adds the bot's name to the command.
  const match = /^\/([a-z_]+)(?:@\w+)?(?:\s+([^]*))?$/i.exec(text.trim());
  if (match === null) return null;
  const word = (match[1] ?? '').toLowerCase();
  const reason = (match[2] ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, reasonMax);
  if (word === 'halt') return { kind: 'halt', reason };
  return { kind: known.find((one) => one === word) ?? 'help' };
}

export const helpText =
  '/status: how the day stands\n/positions: what is held\n/halt [why]: no more entries';

export const resumeText =
  'Entries are not allowed again from here. Do it by hand at the machine: ratchet resume';

/** A position as the chat shows it. Money in paise. */
export interface ChatPosition {
  readonly tradingsymbol: string;
  readonly direction: Direction;
  readonly phase: string;
  /** Since when the broker's session is lost and nothing is known of it, host clock; null where it is known. */
  readonly unknownSince: EpochMs | null;
  readonly quantity: Shares;
  readonly entryPrice: Paise;
  readonly confirmedStop: Paise | null;
  readonly target: Paise | null;
  readonly ltp: Paise | null;
  readonly pnl: Paise;
}

/** How the day stands. */
export interface ChatStatus {
  /** paper, shadow or live. */
  readonly mode: string;
  readonly account: string;
  /** The newest session; null where there has been none. */
  readonly date: string | null;
  /** What the day's workflow says; null where it does not answer. */
  readonly day: {
    readonly phase: string;
    readonly barsAnalysed: number;
    readonly waitingForLogin?: { readonly login: string | null } | null;
    readonly notReady?: readonly { readonly id: string; readonly found: string }[];
  } | null;
  readonly halt: { readonly halted: boolean; readonly reason: string };
  readonly positions: readonly ChatPosition[];
  /** Since when the broker's session is lost, host clock; null while it is not. */
  readonly lostSince: EpochMs | null;
  /** Messages of other chats so far. */
  readonly ignored: number;
}

const isOpen = ({ phase }: ChatPosition): boolean => phase !== 'closed';

export function statusText(status: ChatStatus): string {
  const { mode, account, date, day, halt, positions, ignored } = status;
  const open = positions.filter(isOpen).length;
  const pnl = paise(positions.reduce((sum, one) => sum + one.pnl, 0));
  const wait = day?.waitingForLogin ?? null;
  return [
    dayHeadline(mode, account, date),
    day === null
      ? 'The day’s workflow does not answer: it is over, has not begun, or is stuck.'
      : `Day: ${day.phase}, ${day.barsAnalysed} bars analysed`,
    ...(wait === null ? [] : [`Nobody is logged in: ${wait.login ?? 'run ratchet login'}`]),
    ...(day?.notReady ?? []).map(
      ({ id, found }) => `Not ready, nothing is entered: ${id}: ${found}`,
    ),
    ...(status.lostSince === null
      ? []
      : [`Session at the broker LOST since ${istTime(status.lostSince)}: positions are not known`]),
    halt.halted ? `Entries: HALTED (${halt.reason})` : 'Entries: allowed',
    `Positions: ${open} open, ${positions.length - open} closed; ${formatRupees(pnl)} before charges`,
    ...(ignored === 0 ? [] : [`Messages from other chats ignored: ${ignored}`]),
  ].join('\n');
}

export function positionsText(positions: readonly ChatPosition[]): string {
  const open = positions.filter(isOpen);
  return open.length === 0 ? 'No position is open.' : open.map(positionText).join('\n\n');
}

const orNone = (amount: Paise | null): string => (amount === null ? 'NONE' : formatRupees(amount));

const positionText = (it: ChatPosition): string =>
  [
    `${it.tradingsymbol} ${it.direction.toLowerCase()}, ${it.quantity} shares, ${it.phase}`,
    `in at ${formatRupees(it.entryPrice)}, last ${orNone(it.ltp)}, ${formatRupees(it.pnl)}`,
    it.unknownSince === null
      ? `stop at the broker ${orNone(it.confirmedStop)}, target ${orNone(it.target)}`
      : `UNKNOWN since ${istTime(it.unknownSince)}: the broker's session is lost, log in with ratchet login`,
  ].join('\n');
