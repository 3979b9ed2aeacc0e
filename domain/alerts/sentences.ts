// What each alert says to a person. One without a sentence here says when it is raised, with its fields.
import { istTime } from '../session/sessionClock';
import { epochMs } from '../units';
import type { AlertBody, AlertSubject, AlertType, PositionAlertType } from './catalogue';

export interface Said {
  readonly what: string;
  /** What a person should do; absent where there is nothing to do. */
  readonly act?: string;
}

type Facts<Type extends AlertType> = AlertBody<Type> &
  (Type extends PositionAlertType ? AlertSubject : unknown);
type Sentences = { readonly [Type in AlertType]?: (facts: Facts<Type>) => Said };

const inKite = 'Look at your positions and orders in the Kite app now.';
const position = ({ tradingsymbol, direction }: AlertSubject): string =>
  `${tradingsymbol} (${direction.toLowerCase()})`;
const count = (quantity: number): string => (quantity === 1 ? '1 share' : `${quantity} shares`);
const ofBroker = ({ brokerSaid }: { readonly brokerSaid?: string }): string =>
  brokerSaid === undefined ? '' : ` The broker said: ${brokerSaid}`;
const times = (number: number): string => (number === 1 ? 'once' : `${number} times`);

const logIn = (page: string): string =>
  `Run \`ratchet login\`${page.startsWith('http') ? `: ${page}` : '.'}`;

const closedBy: Readonly<Record<string, string>> = {
  target: 'at its target',
  stop: 'by its stop',
  squareOff: 'by the square-off before the close',
  operator: 'because you asked',
  killSwitch: 'by the kill switch',
  stopRefused: 'because the broker refused its stop',
  elsewhere: 'by somebody else or the broker itself',
};

const aboutPositions: Sentences = {
  'trade.opened': (it) => ({
    what: `Opened ${position(it)}: ${count(it.quantity)} at ${it.price}. Stop ${it.stop}, target ${it.target}. Why: ${it.why}`,
  }),
  'trade.stop_moved': (it) => ({
    what: `${position(it)}: the stop now rests at ${it.stop}, the target is ${it.target}.`,
  }),
  'trade.closed': (it) => ({
    what: `Closed ${position(it)} ${closedBy[it.why] ?? `(${it.why})`}: ${count(it.quantity)}, in at ${it.entry}, out at ${it.exit}. Result ${it.pnlAfterCharges} after ${it.charges} of charges.`,
  }),
  'trade.rejected': (it) => ({
    what: `${position(it)}: the entry was not made, nothing is held. ${it.why}`,
  }),
  'trade.in_doubt': (it) => ({
    what: `${position(it)}: no answer to the entry order, so it may have been made. ${it.why}`,
    act: 'Nothing yet: the books are watched for it. Look in the Kite app if no other message follows within a minute.',
  }),
  'protection.missing': (it) => ({
    what: `${position(it)}: ${count(it.held)} held, but a stop covers only ${it.covered}.`,
    act: `A stop is being placed. ${inKite}`,
  }),
  'protection.unknown': (it) => ({
    what: `${position(it)}: the entry ${it.order} over ${count(it.quantity)} was sent, and for ${it.seconds} seconds the broker has not shown what came of it. It may be held without a stop.`,
    act: inKite,
  }),
  'protection.refused': (it) => ({
    what: `${position(it)}: the broker refused the stop ${times(it.refusals)}, so the position is being left.${ofBroker(it)}`,
    act: `Make sure that it goes. ${inKite}`,
  }),
  'protection.stop_not_moved': (it) => ({
    what: `${position(it)}: the broker refused ${times(it.refusals)} to move the stop to ${it.wanted}. The old stop still rests.${ofBroker(it)}`,
    act: 'Read why, and put it right; moving is tried again by itself.',
  }),
  'position.beyond_approved': (it) => ({
    what: `${position(it)}: ${it.ordered} ordered under our tag, but risk has approved ${it.approved}. Somebody else ordered the rest; the stop covers all that is held.`,
    act: `Find out who it was, and leave what should not be held. ${inKite}`,
  }),
  'position.over_exited': (it) => ({
    what: `${position(it)}: ${count(it.surplus)} too many were traded when it was left; they are being traded back.`,
    act: inKite,
  }),
  'position.closed_elsewhere': (it) => ({
    what: `${position(it)}: ${count(it.quantity)} were closed by ${it.byBroker ? 'the broker’s own square-off' : 'somebody else'}.`,
  }),
  'position.carried': (it) => ({
    what: `${position(it)}: ${count(it.quantity)} held over the night, ${it.protected ? `stop ${it.stop}, target ${it.target}` : 'without a stop at the broker'}.`,
    ...(it.protected ? {} : { act: inKite }),
  }),
};

const aboutTheDay: Sentences = {
  'day.started': (it) => ({
    what: `The day ${it.date} has begun; ${it.stocks} stocks are watched.`,
  }),
  'login.wanted': (it) => ({
    what: `Nobody is logged in at the broker for ${it.date}; until somebody is, nothing is traded.`,
    act: logIn(it.login),
  }),
  'shadow.not_resumed': (it) => ({
    what: `The shadow’s exchange stays closed, because ${it.why}. Its positions wait for it; nothing of it is at the broker.`,
    act: 'Put the journal right, or move it away: the session then begins anew.',
  }),
  'day.waiting': (it) => ({
    what: `The day cannot begin, because nobody is logged in at the broker: ${it.why}. Open positions have their stops at the broker.`,
    act: logIn(it.login),
  }),
  'day.not_ready': (it) => ({
    what: `Nothing is entered, because the account is not ready: ${it.why}. Open positions go on.`,
    act: 'Put it right; entries are allowed again by themselves within a minute.',
  }),
  'day.ready': () => ({ what: 'The account is ready, and entries are allowed again.' }),
  'day.ended': (it) => ({
    what: `The day is over: ${it.trades} trades, result ${it.pnlAfterCharges} after charges.`,
  }),
  'day.failed': (it) => ({
    what: `The day has failed: ${it.why} Open positions go on with their stops; no new ones are opened.`,
    act: 'Start the day again, or close the positions in the Kite app.',
  }),
  'day.halted': (it) => ({ what: `Entries are halted: ${it.reason}. Open positions go on.` }),
  'day.resumed': () => ({ what: 'Entries are allowed again.' }),
  'day.stuck': (it) => ({
    what: `The day ${it.workflow} stands still: ${it.why}. Open positions go on with their stops.`,
    act: 'Look at `ratchet day status`. If the day does not trade again within a minute, close the positions in the Kite app.',
  }),
  'position.ended': (it) => ({
    what: `Nobody looks after ${it.workflow}: ${it.why}. Its stop rests at the broker; the day takes the position up again.`,
    act: 'Look at `ratchet positions`, and find out who reaches Temporal’s port on this machine.',
  }),
  'message.foreign': (it) => ({
    what: `Somebody has sent ${it.workflow} a message that is not ours, and it was refused: ${it.why}.`,
    act: 'Find out who reaches Temporal’s port on this machine.',
  }),
  'position.not_following': (it) => ({
    what: `For ${it.seconds} seconds ${it.workflow} has not followed the price. Its stop rests where it was.`,
    act: 'Look at `ratchet positions`, and at the position in the Kite app.',
  }),
  'day.not_flat': (it) => ({
    what: `The market closes and intraday positions are still open: ${it.positions}.`,
    act: inKite,
  }),
  'day.not_reconciled': (it) => ({
    what: `At the end of the day our records and the broker’s books differ in ${it.findings} places.`,
    act: 'Compare the day’s report with the Kite app.',
  }),
  'charges.differ': (it) => ({
    what: `The broker charges ${it.brokers} for the day’s ${it.orders} orders, our ledger has ${it.ours}. ${it.why}`,
    act: 'Compare the contract note with the day’s report.',
  }),
  'cash.differ': (it) => ({
    what: `The broker’s cash is ${it.brokers}, ours is ${it.ours}. ${it.why}`,
    act: 'Look at funds and trades in the Kite app; money on its way to your bank explains a lower number.',
  }),
  'account.other_installation': (it) => ({
    what: `Another Ratchet (${it.installation}) trades this account: its order ${it.orderId} bears the tag ${it.tag}. Entries are halted here; positions go on.`,
    act: 'Stop one of the two, then `ratchet resume` at the other.',
  }),
  'feed.lost': (it) => ({
    what: `No prices have come for ${it.seconds} seconds. Stops rest at the exchange; trailing and entries wait.`,
    act: 'Nothing yet: the feed is connected again and again by itself. Look at the session and at the network if it lasts.',
  }),
  'feed.back': (it) => ({ what: `Prices come again, after ${it.seconds} seconds.` }),
  'process.stalled': (it) => ({
    what: `The ${it.process} stood still for ${it.seconds} seconds. Stops rested meanwhile; positions read the books again.`,
    act: 'Keep the machine awake during the session.',
  }),
  'system.recovered': (it) => ({
    what: `The system runs again; it had ended ${it.seconds} seconds ago without being stopped. What is open is taken up.`,
    act: 'Compare your positions with the Kite app, and look why it ended.',
  }),
  'calendar.ends_soon': (it) => ({
    what: `The list of holidays ends on ${it.ends}; no day starts after it.`,
    act: 'Add the next year’s holidays to calendar in the configuration.',
  }),
  'broker.address_refused': (it) => ({
    what: `The broker takes no orders from this machine’s address, so nothing can be bought, sold or moved. Entries are halted; stops already at the broker stay. The broker said: ${it.brokerSaid}`,
    act: 'Add this address on the Kite developer console, then run `ratchet resume`. Until then, close positions in the Kite app.',
  }),
  'check.test': () => ({
    what: 'This is a test by `ratchet check`: nothing has happened.',
  }),
  'alerts.channel_gone': (it) => ({
    what: `Alerts no longer reach ${it.channel}: ${it.why} It gets none until tomorrow.`,
    act: 'Repair it, then run `ratchet alerts resend --failed`.',
  }),
  'feed.stale': (it) => ({
    what: `No prices have come for the bar that ended at ${istTime(epochMs(it.bar))}; nothing is entered until they come again. Stops at the broker hold.`,
  }),
  'position.adopted': (it) => ({
    what: `${it.tradingsymbol}: a position that nobody looked after has been taken up again.`,
  }),
  'position.stuck': (it) => ({
    what: `Position ${it.intentId} could not go on and is being taken up anew; its stop rests.`,
    act: inKite,
  }),
  'position.not_carried': (it) => ({
    what: `${it.tradingsymbol}: what was held over the night does not match our records and is left alone. ${it.why}`,
    act: inKite,
  }),
  'position.foreign': (it) => ({
    what: `${it.tradingsymbol}: the account holds ${it.quantity} shares by orders that are not ours. They are left alone, and the stock is not traded.`,
  }),
  'order.orphaned': (it) => ({
    what: `Order ${it.orderId} of ours protects nothing and is being cancelled.`,
  }),
  'strategy.broken': (it) => ({
    what: `Your strategy ${it.strategy} failed on ${it.tradingsymbol} in the bar that ended at ${istTime(epochMs(it.bar))}: ${it.why}. Its vote does not count; everything else goes on.`,
    act: `Correct it and run \`ratchet strategy check\`; it is told once a day.`,
  }),
  'sentiment.stale': (it) => ({
    what: `News could not be read since ${istTime(epochMs(it.since))}.`,
  }),
  'sentiment.source_failed': (it) => ({
    what: `The news source ${it.source} failed ${times(it.timesInARow)} in a row: ${it.why}`,
  }),
  'model.promoted': (it) => ({
    what: `Model ${it.model}: version ${it.candidate} takes over from ${it.stable}. ${it.why}`,
  }),
  'model.rolled_back': (it) => ({
    what: `Model ${it.model}: version ${it.candidate} was worse than ${it.stable} and is out. ${it.why}`,
  }),
  'model.rollout_paused': (it) => ({
    what: `Model ${it.model}: the trial of version ${it.candidate} waits. ${it.why}`,
    act: 'Run `ratchet models approve` or `ratchet models abort`.',
  }),
  'model.version_out': (it) => ({
    what: `Model ${it.model}: version ${it.version} is out of use. ${it.why}`,
  }),
  'model.version_refused': (it) => ({
    what: `Model ${it.model}: version ${it.version} could not be loaded. ${it.why}`,
    act: 'Look at `ratchet models list`; what served before goes on.',
  }),
  'model.unavailable': (it) => ({
    what: `Model ${it.model} has no version that is ready. ${it.why}`,
    act: 'Look at `ratchet models status`.',
  }),
  'model.failing': (it) => ({
    what: `Model ${it.model}: requests to version ${it.version} fail. ${it.why}`,
  }),
  'model.drifted': (it) => ({
    what: `Model ${it.model}: version ${it.version} sees or answers other things than at first. ${it.why}`,
  }),
  'model.server_unreachable': (it) => ({
    what: `The model server does not answer. ${it.why}`,
    act: 'Look whether its process runs.',
  }),
};

export const sentences: Sentences = { ...aboutPositions, ...aboutTheDay };
