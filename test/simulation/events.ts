// What happens to a session from outside a few times: the feed falls silent, prices jump, a stock locks at
// its limit, a process dies, a person trades by hand or gives commands. All of it is drawn from the seed.
import { Refused } from '../../domain/errors';
import { checkPolicyChange, checkTighten, isCarried, termsOf } from '../../domain/position';
import { directionSign, epochMs, paise, shares } from '../../domain/units';
import { KiteError } from '../../exchange/engine/kiteError';
import { marketOrder } from '../../exchange/engine/order';
import type { Chance } from '../../exchange/market/chance';
import type { MortalPosition } from './mortalPosition';
import type { Session } from './session';
import { handOverAt, type EventName, type StockPlan } from './swarm';

export function playEvents(session: Session): void {
  const chance = session.chance('events');
  nightFalls(session);
  for (const { kind, at } of session.plan.events)
    session.clock.at(at, () => acts[kind](session, chance));
}

type Act = (session: Session, chance: Chance) => void;

const acts: Readonly<Record<EventName, Act>> = {
  silentFeed: (session, chance) => {
    session.happened('silentFeed');
    session.gateway.fallSilent(chance.whole(3_000, 30_000), false);
  },
  gatewayRestart: (session, chance) => {
    session.happened('gatewayRestart');
    session.gateway.fallSilent(chance.whole(300, 3_000), true);
  },
  gap: withStock((session, { tradingsymbol }, chance) => {
    session.happened('gap');
    session.prices.jump(tradingsymbol, chance.pick([1, -1]) * 0.05 * chance.unit());
  }),
  lock: withStock(lock),
  crash,
  stuck: withRun((session, run, chance) => {
    const afterMs = chance.whole(16_000, 40_000);
    session.happened('stuck', run.tag);
    session.record('stuck', { tag: run.tag, until: session.clock.now + afterMs });
    run.stick(afterMs);
  }),
  foreignExit: withRun((session, run, chance) => tradeByHand(session, run, true, chance)),
  foreignEntry: withRun((session, run, chance) => tradeByHand(session, run, false, chance)),
  tighten: withRun(tighten),
  policyChange: withRun(changePolicy),
  operatorClose: withRun((session, run) => {
    session.happened('operatorClose', run.tag);
    run.take({ kind: 'exitWanted', reason: 'operator', at: session.clock.now });
  }),
  killSwitch: halt,
};

function withStock(act: (session: Session, stock: StockPlan, chance: Chance) => void): Act {
  return (session, chance) => {
    const stock = oneOf(session.plan.stocks, chance);
    if (stock !== undefined) act(session, stock, chance);
  };
}

/** For an event that needs an open position. */
function withRun(act: (session: Session, run: MortalPosition, chance: Chance) => void): Act {
  return (session, chance) => {
    const open = session.runs.filter((run) => !run.isOver());
    const run = oneOf(open, chance);
    if (run !== undefined) act(session, run, chance);
  };
}

function oneOf<T>(items: readonly T[], chance: Chance): T | undefined {
  return items[Math.floor(chance.unit() * items.length)];
}

function lock(session: Session, { tradingsymbol }: StockPlan, chance: Chance): void {
  const { exchange, clock, plan } = session;
  session.happened('lock');
  session.record('lock', { tradingsymbol });
  exchange.circuits.lock(tradingsymbol, chance.pick(['upper', 'lower']));
  clock.at(Math.min(clock.now + chance.whole(5_000, 60_000), plan.calmAt), () => {
    exchange.circuits.unlock(tradingsymbol);
    session.record('unlock', { tradingsymbol });
  });
}

function crash(session: Session, chance: Chance): void {
  const downMs = chance.pick([chance.whole(200, 3_000), chance.whole(3_000, 20_000)]);
  session.happened('crash');
  session.record('down', { until: session.clock.now + downMs });
  session.gate.forget();
  for (const run of session.runs) run.crash(downMs);
}

/** Somebody sells (or buys) the stock in another terminal of the account. */
function tradeByHand(
  session: Session,
  run: MortalPosition,
  closing: boolean,
  chance: Chance,
): void {
  const { intent } = run.terms;
  const { exchange } = session;
  const { listing } = exchange.tape(intent.instrument.tradingsymbol);
  const net = exchange.account.netQuantity(listing.instrumentToken, intent.product);
  if (closing && net * directionSign(intent.direction) <= 0) return;
  const quantity = closing
    ? chance.pick([Math.abs(net), chance.whole(1, Math.abs(net))])
    : chance.whole(1, 20);
  const sells = (intent.direction === 'LONG') === closing;
  const order = marketOrder(listing.tradingsymbol, sells ? 'SELL' : 'BUY', shares(quantity));
  try {
    exchange.place({ ...order, product: intent.product }, 'terminal');
    session.happened(closing ? 'foreignExit' : 'foreignEntry', intent.intentId);
  } catch (error) {
    if (!(error instanceof KiteError)) throw error;
  }
}

function tighten(session: Session, run: MortalPosition, chance: Chance): void {
  const { intent } = run.terms;
  const trail = run.state.trail;
  if (trail === null || termsOf(run.terms, run.state) === null) return;
  const ticks = chance.whole(-5, 30) * directionSign(intent.direction);
  const stop = paise(trail.stop + ticks * intent.instrument.tickSize);
  try {
    checkTighten(run.terms, run.state, stop);
  } catch (error) {
    if (error instanceof Refused) return;
    throw error;
  }
  session.happened('tighten', run.tag);
  run.take({ kind: 'tightened', stop });
}

/** The policy of another position of the session; what would loosen is refused. */
function changePolicy(session: Session, run: MortalPosition, chance: Chance): void {
  const policy = oneOf(session.plan.positions, chance)?.policy;
  if (policy === undefined) return;
  try {
    checkPolicyChange(run.terms, run.state, policy, false);
  } catch (error) {
    if (error instanceof Refused) return;
    throw error;
  }
  session.happened('policyChange', run.tag);
  run.take({ kind: 'policyChanged', policy, force: false });
}

function halt(session: Session, chance: Chance): void {
  session.halted = true;
  session.happened('killSwitch');
  session.record('halt', {});
  for (const run of session.runs)
    session.clock.later(chance.whole(5, 500), () =>
      run.take({ kind: 'exitWanted', reason: 'killSwitch', at: session.clock.now }),
    );
}

/** How long after the session's end a trigger's order may rest before the exchange has cancelled it. */
const lateOrderMs = 1_000;

/**
 * The end of the session for what may be carried: the exchange cancels its orders of the day, those that a
 * trigger met in the last moment has placed included. In some sessions somebody wants out just before, in a
 * stock nobody buys.
 */
function nightFalls(session: Session): void {
  const { clock, plan } = session;
  const at = handOverAt(plan);
  if (plan.badNight) clock.at(at - 4_000, () => wantOut(session));
  for (let late: number = at; late < plan.endAt; late += lateOrderMs)
    clock.at(epochMs(late), () => {
      const orders = session.exchange.desk.allLive().map(({ orderId }) => orderId);
      for (const orderId of orders) cancelOfTheDay(session, orderId);
    });
}

const carriedRuns = ({ runs }: Session): readonly MortalPosition[] =>
  runs.filter((run) => isCarried(run.terms.intent) && !run.isOver());

function wantOut(session: Session): void {
  for (const run of carriedRuns(session)) {
    const { tradingsymbol } = run.terms.intent.instrument;
    session.happened('badNight', run.tag);
    session.record('lock', { tradingsymbol });
    session.exchange.circuits.lock(tradingsymbol, 'lower');
    run.take({ kind: 'exitWanted', reason: 'operator', at: session.clock.now });
  }
}

function cancelOfTheDay({ exchange }: Session, orderId: string): void {
  const order = exchange.desk.find(orderId);
  if (order?.product !== 'CNC') return;
  try {
    exchange.cancel(orderId);
  } catch (error) {
    if (!(error instanceof KiteError)) throw error;
  }
}
