// What the Temporal UI shows of a workflow: search attributes in its list, current details on its page. An
// attribute costs an event, so attributes are set only when they change.
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import type { PositionView } from '../domain/position';
import { istTime } from '../domain/session/sessionClock';
import { formatRupees, paise, rupeesFromPaise } from '../domain/units';
import { now } from './hostClock';
import type { DayView } from './messages';

export const attributes = {
  account: defineSearchAttributeKey('RatchetAccount', 'KEYWORD'),
  date: defineSearchAttributeKey('RatchetDate', 'KEYWORD'),
  phase: defineSearchAttributeKey('RatchetPhase', 'KEYWORD'),
  symbol: defineSearchAttributeKey('RatchetSymbol', 'KEYWORD'),
  direction: defineSearchAttributeKey('RatchetDirection', 'KEYWORD'),
  stop: defineSearchAttributeKey('RatchetStop', 'DOUBLE'),
  target: defineSearchAttributeKey('RatchetTarget', 'DOUBLE'),
  pnl: defineSearchAttributeKey('RatchetPnl', 'DOUBLE'),
} as const;

const price = (value: number | null): string => (value === null ? '–' : formatRupees(paise(value)));

/** Least time between two changes of the attributes of one position whose stop moves. */
const attributesEveryMs = 3_000;

/**
 * Makes a function that shows a position. It skips the attributes when none has changed. @param inLists whether
 * attributes are set at all: Temporal reads them, and the lists of its UI show them to everybody who gets there.
 */
export function positionDisplay(inLists: boolean): (view: PositionView) => void {
  let shown = '';
  let phase = '';
  let quietUntil = 0;
  return (view) => {
    const { readAt } = view;
    setCurrentDetails(
      [
        `**${view.direction} ${view.quantity} ${view.tradingsymbol}** · ${view.phase}`,
        '',
        `| entry | stop (wanted / at the broker) | target | last | profit before charges |`,
        `|---|---|---|---|---|`,
        `| ${price(view.entryPrice)} | ${price(view.desiredStop)} / ${price(view.confirmedStop)} | ${price(view.target)} | ${price(view.ltp)} | ${price(view.pnl)} |`,
        '',
        view.reason,
        '',
        readAt === undefined ? '' : `The broker’s books were read at ${istTime(readAt)}.`,
      ].join('\n'),
    );
    if (!inLists) return;
    const key = JSON.stringify([view.phase, view.desiredStop, view.target]);
    if (key === shown || (view.phase === phase && now() < quietUntil)) return;
    shown = key;
    phase = view.phase;
    quietUntil = now() + attributesEveryMs;
    const pairs: SearchAttributePair[] = [
      { key: attributes.phase, value: view.phase },
      { key: attributes.pnl, value: rupeesFromPaise(view.pnl) },
      ...(view.desiredStop === null
        ? []
        : [{ key: attributes.stop, value: rupeesFromPaise(view.desiredStop) }]),
      ...(view.target === null
        ? []
        : [{ key: attributes.target, value: rupeesFromPaise(view.target) }]),
    ];
    upsertSearchAttributes(pairs);
  };
}

/** What keeps the day from beginning, or from entering anything. */
function troubles({ waitingForLogin = null, notReady = [] }: DayView): string[] {
  const wait = waitingForLogin;
  return [
    ...(wait === null ? [] : [`waiting for a login: ${wait.why} ${wait.login ?? ''}`]),
    ...notReady.map(({ id, found, remedy }) => `- not ready, ${id}: ${found}; ${remedy}`),
    '',
  ];
}

/** Makes a function that shows the day. @param inLists as of a position. */
export function dayDisplay(inLists: boolean): (view: DayView) => void {
  let shown = '';
  return (view) => {
    const open = view.positions.filter((position) => !position.closed).length;
    const pnl = paise(view.positions.reduce((sum, position) => sum + position.netPnl, 0));
    setCurrentDetails(
      [
        `**${view.account} ${view.date}** · ${view.phase}${view.entriesHalted ? ' · entries halted' : ''}`,
        '',
        ...troubles(view),
        `| stocks | bars | open | closed | profit after charges |`,
        `|---|---|---|---|---|`,
        `| ${view.stocks} | ${view.barsAnalysed} | ${open} | ${view.positions.length - open} | ${formatRupees(pnl)} |`,
        '',
        ...Object.entries(view.refusals).map(([code, count]) => `- refused ${code}: ${count}`),
      ].join('\n'),
    );
    if (!inLists) return;
    const key = `${view.phase} ${pnl}`;
    if (key === shown) return;
    shown = key;
    upsertSearchAttributes([
      { key: attributes.phase, value: view.entriesHalted ? `${view.phase} (halted)` : view.phase },
      { key: attributes.pnl, value: rupeesFromPaise(pnl) },
    ]);
  };
}
