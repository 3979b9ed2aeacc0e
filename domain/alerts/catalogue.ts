// Every alert that is raised: how serious it is, when it is raised and what its body holds. Types are read by
// receivers, so their spelling stays.
import type { Alert } from './alert';
import type { FieldName, FieldValue } from './fields';
import { modelAlerts } from './modelAlerts';

/** Stand in the body of every alert about a position, before its own fields. */
export const positionFields = ['intentId', 'tradingsymbol', 'direction'] as const;

/** Raised by a position about itself. */
export const positionAlerts = {
  'trade.opened': {
    severity: 'info',
    when: 'The entry is filled, in whole or as far as it will be.',
    body: ['quantity', 'price', 'stop', 'target', 'why'],
  },
  'trade.stop_moved': {
    severity: 'info',
    when: 'The broker’s books show the stop at a new level; at most every five seconds a position.',
    body: ['stop', 'target'],
  },
  'trade.closed': {
    severity: 'info',
    when: 'The position is closed and its profit settled.',
    body: ['quantity', 'entry', 'exit', 'why', 'pnlAfterCharges', 'charges'],
  },
  'trade.rejected': {
    severity: 'warning',
    when: 'The entry order was refused, or died without a fill.',
    body: ['why'],
  },
  'trade.in_doubt': {
    severity: 'warning',
    when: 'The entry order’s outcome is unknown; the broker’s books are being watched for it.',
    body: ['why'],
  },
  'protection.missing': {
    severity: 'critical',
    when: 'Shares have been held for five seconds without an exit order that covers them.',
    body: ['held', 'covered'],
  },
  'protection.unknown': {
    severity: 'critical',
    when: 'An entry was sent, and for ten seconds the broker’s books could not be read for what came of it.',
    body: ['order', 'quantity', 'seconds'],
  },
  'protection.refused': {
    severity: 'critical',
    when: 'The broker refuses the stop, so the position is left.',
    body: ['refusals'],
    maybe: ['brokerSaid'],
  },
  'protection.stop_not_moved': {
    severity: 'warning',
    when: 'The broker has refused three times to move the stop; the old one still rests.',
    body: ['wanted', 'refusals'],
    maybe: ['brokerSaid'],
  },
  'position.beyond_approved': {
    severity: 'critical',
    when: 'More was ordered under the position’s tag than risk has approved; all that is held is covered, and the stock is not entered again.',
    body: ['approved', 'ordered'],
  },
  'position.over_exited': {
    severity: 'critical',
    when: 'Two exits have both filled; an order of correction follows.',
    body: ['surplus'],
  },
  'position.closed_elsewhere': {
    severity: 'warning',
    when: 'Somebody else, or the broker’s square-off, has sold shares of the position.',
    body: ['quantity', 'byBroker'],
  },
  'position.carried': {
    severity: 'info',
    when: 'The session has ended and the position is held over the night.',
    body: ['quantity', 'protected', 'stop', 'target'],
    maybe: ['toBeLeft'],
  },
} as const satisfies Record<string, Alert>;

/** Raised by the day, the news and the model server. */
export const otherAlerts = {
  'day.started': {
    severity: 'info',
    when: 'The stocks to watch have been chosen.',
    body: ['date', 'stocks'],
  },
  'day.waiting': {
    severity: 'critical',
    when: 'The day has begun without a session at the broker: it goes on as soon as a person logs in.',
    body: ['why', 'login'],
  },
  'day.not_ready': {
    severity: 'critical',
    when: 'A check of the account fails, so nothing is entered until it holds; positions go on.',
    body: ['checks', 'why'],
  },
  'day.ready': {
    severity: 'info',
    when: 'Every check that blocked entries holds again.',
    body: [],
  },
  'day.ended': {
    severity: 'info',
    when: 'The day’s report has been written.',
    body: ['trades', 'pnlAfterCharges'],
  },
  'day.failed': {
    severity: 'critical',
    when: 'The day’s workflow has failed: positions go on, nobody opens new ones or reports.',
    body: ['why'],
  },
  'day.halted': { severity: 'warning', when: 'An operator has halted entries.', body: ['reason'] },
  'day.resumed': { severity: 'info', when: 'An operator has allowed entries again.', body: [] },
  'day.stuck': {
    severity: 'critical',
    when: 'Somebody has ended the day’s workflow, or it fails the same task again and again; one that was ended is begun anew.',
    body: ['workflow', 'why'],
  },
  'position.ended': {
    severity: 'critical',
    when: 'Somebody has ended a position’s workflow; the day compares the books at once and adopts what it held.',
    body: ['workflow', 'why'],
  },
  'message.foreign': {
    severity: 'critical',
    when: 'A workflow was sent a message that is not from one of our processes; it was refused.',
    body: ['workflow', 'why'],
  },
  'position.not_following': {
    severity: 'critical',
    when: 'For ten seconds the price has been beyond the band that a position published, and the position has not answered.',
    body: ['workflow', 'seconds'],
  },
  'day.not_flat': {
    severity: 'critical',
    when: 'At the close, intraday positions are still open.',
    body: ['positions'],
  },
  'day.not_reconciled': {
    severity: 'critical',
    when: 'At the end of the day, our records and the broker’s books differ.',
    body: ['findings'],
  },
  'login.wanted': {
    severity: 'warning',
    when: 'At 07:45, 08:30 and 09:00 of a trading day nobody is logged in at the broker.',
    body: ['date', 'login'],
  },
  'charges.differ': {
    severity: 'warning',
    when: 'At the end of the day, the broker’s charges for our orders are not those of our ledger.',
    body: ['orders', 'ours', 'brokers', 'why'],
  },
  'cash.differ': {
    severity: 'warning',
    when: 'At the end of the day, the broker’s cash is not ours, and nothing we know explains it.',
    body: ['ours', 'brokers', 'why'],
  },
  'session.lost': {
    severity: 'critical',
    when: 'The broker’s session is over: stops rest, nothing is sent or read until a person logs in.',
    body: ['why', 'login'],
  },
  'shadow.not_resumed': {
    severity: 'critical',
    when: 'The exchange of a shadow was killed and cannot be rebuilt from its journal; it stays closed until that file is moved away.',
    body: ['why'],
  },
  'session.back': {
    severity: 'info',
    when: 'The broker’s session answers again; positions are read anew.',
    body: [],
  },
  'account.other_installation': {
    severity: 'critical',
    when: 'Another Ratchet has sent orders to the account; entries are halted until a person resumes.',
    body: ['installation', 'orderId', 'tag'],
  },
  'calendar.ends_soon': {
    severity: 'warning',
    when: 'The list of holidays ends within 30 days of the session; without the next one no day starts after it.',
    body: ['date', 'ends'],
  },
  'broker.address_refused': {
    severity: 'critical',
    when: 'The broker takes no orders from our address; entries are halted, and stops rest where they are.',
    body: ['brokerSaid'],
  },
  'check.test': {
    severity: 'info',
    when: 'A person has run `ratchet check`, which tries every receiver: nothing has happened.',
    body: [],
  },
  'alerts.channel_gone': {
    severity: 'warning',
    when: 'A receiver of alerts answered that it is gone; it gets none until tomorrow.',
    body: ['channel', 'why'],
  },
  'feed.stale': {
    severity: 'warning',
    when: 'A bar has not come, so nothing is entered on it; told once until bars come again.',
    body: ['bar'],
  },
  'feed.lost': {
    severity: 'warning',
    when: 'No prices have come for five seconds after the feed’s connection was lost; stops rest, trailing waits.',
    body: ['seconds'],
  },
  'feed.back': {
    severity: 'info',
    when: 'Prices come again after feed.lost.',
    body: ['seconds'],
  },
  'process.stalled': {
    severity: 'critical',
    when: 'A process stood still for ten seconds or more: the machine slept, or the process was stopped.',
    body: ['process', 'seconds'],
  },
  'system.recovered': {
    severity: 'critical',
    when: 'The system runs again after it ended without being stopped; what was open is taken up.',
    body: ['seconds'],
  },
  'feed.gap': {
    severity: 'warning',
    when: 'The feed was not heard for a while; a stock that misses minutes is not entered until the broker’s history has filled them.',
    body: ['from', 'to', 'stocks'],
  },
  'position.adopted': {
    severity: 'warning',
    when: 'A position without a workflow has been taken up by a new one.',
    body: ['intentId', 'tradingsymbol'],
  },
  'position.stuck': {
    severity: 'critical',
    when: 'A position’s workflow fails the same task again and again; it is ended and adopted.',
    body: ['kind', 'intentId', 'attempts'],
  },
  'position.not_carried': {
    severity: 'critical',
    when: 'What was held over the night does not look like our records and is left alone.',
    body: ['kind', 'intentId', 'tradingsymbol', 'why'],
  },
  'position.foreign': {
    severity: 'warning',
    when: 'The account holds shares by orders that are not ours; no entry is made in the stock.',
    body: ['kind', 'tradingsymbol', 'quantity'],
  },
  'order.orphaned': {
    severity: 'warning',
    when: 'An order of ours protects nothing and is cancelled.',
    body: ['kind', 'orderId', 'tag'],
  },
  'strategy.broken': {
    severity: 'warning',
    when: 'A strategy of the user’s could not be asked, or answered what is no vote; told once a day and strategy. The other votes count, and positions keep their protection.',
    body: ['strategy', 'tradingsymbol', 'bar', 'why'],
  },
  'sentiment.stale': {
    severity: 'warning',
    when: 'The news could not be read; the last views age into neutral.',
    body: ['since'],
  },
  'sentiment.source_failed': {
    severity: 'warning',
    when: 'A news source has failed several times in a row; told once a day.',
    body: ['source', 'why', 'timesInARow'],
  },
  ...modelAlerts,
} as const satisfies Record<string, Alert>;

export type PositionAlertType = keyof typeof positionAlerts;
export type OtherAlertType = keyof typeof otherAlerts;
export type AlertType = PositionAlertType | OtherAlertType;

type Entry<Type extends AlertType> = (typeof positionAlerts & typeof otherAlerts)[Type];
type Maybe<Type extends AlertType> =
  Entry<Type> extends { readonly maybe: readonly (infer Name extends FieldName)[] } ? Name : never;

/** The body of an alert, without the fields of the position it is about. */
export type AlertBody<Type extends AlertType> = {
  readonly [Name in Entry<Type>['body'][number]]: FieldValue<Name>;
} & { readonly [Name in Maybe<Type>]?: FieldValue<Name> };

/** What every alert about a position says of it. */
export type AlertSubject = {
  readonly [Name in (typeof positionFields)[number]]: FieldValue<Name>;
};
