// Sends the probe order, cancels it, and reads the books until they show it as ended.
import { setTimeout as sleep } from 'node:timers/promises';
import { wordsOf } from '../../domain/errors';
import type { Broker } from '../../broker/port';
import {
  bookedProbe,
  lostProbe,
  probeOrder,
  sentProbe,
  type ProbeResult,
  type ProbeStock,
} from '../../domain/readiness';
import type { BookOrder, OrderRequest, SendOutcome } from '../../domain/orders/order';
import { dayKind, dayOf, type TradingCalendar } from '../../domain/session/calendar';
import { istDate, istTime, isTrading, sessionClock } from '../../domain/session/sessionClock';
import { epochMs, type EpochMs } from '../../domain/units';
import { patiently } from './patiently';

export interface ProbePorts {
  readonly broker: Broker;
  readonly calendar: TradingCalendar;
  /** Market clock, now. */
  readonly marketAt: EpochMs;
  /** Stocks to choose from; left out, those with futures. */
  readonly universe: readonly string[] | undefined;
  /** Hears of an order as soon as it exists, so that a person knows of it whatever happens here. */
  readonly tell: (line: string) => void;
  /** How long the books are read for the order's end, ms. */
  readonly patienceMs?: number;
}

const defaultPatienceMs = 15_000;
const againMs = 500;
/** Quotes are asked for this many stocks at most. */
const stocksAsked = 100;

/** Never throws once the order may have left. @throws BrokerFailure when the lists or quotes cannot be read. */
export async function sendProbe(ports: ProbePorts): Promise<ProbeResult> {
  const { broker, tell } = ports;
  const closed = whyClosed(ports);
  if (closed !== null) return { kind: 'notSent', why: closed };
  const order = probeOrder(await probeStocks(ports), epochMs(Date.now()));
  if (order === null)
    return { kind: 'notSent', why: 'no stock has room between its price and its band' };
  const outcome = await broker.place(order);
  const answered = sentProbe(outcome);
  if (answered !== null) return answered;
  tell(
    `order ${outcome.kind === 'accepted' ? outcome.orderId : 'of unknown outcome'}: 1 ${order.tradingsymbol}, tag ${order.tag}; cancelling it`,
  );
  return untilEnded(ports, order, outcome);
}

/** Before the exchange opens and after it has closed the broker takes orders of another kind only. */
function whyClosed({ calendar, marketAt }: ProbePorts): string | null {
  const date = istDate(marketAt);
  const kind = dayKind(date, calendar);
  if (kind !== 'trading') return `${date} is not a trading day (${kind})`;
  const clock = sessionClock(dayOf(date, calendar), true);
  if (isTrading(clock, marketAt)) return null;
  const open = clock.sessions.map(({ from, until }) => `${istTime(from)} to ${istTime(until)}`);
  return `it is ${istTime(marketAt)} in India, and the exchange is open from ${open.join(' and ')}`;
}

async function probeStocks({ broker, universe }: ProbePorts): Promise<readonly ProbeStock[]> {
  const stocks = await patiently(() => broker.listing());
  const wanted = new Set(universe ?? (await patiently(() => broker.underlyings())));
  const asked = stocks.filter((one) => wanted.has(one.tradingsymbol)).slice(0, stocksAsked);
  const quotes = await patiently(() => broker.quotes(asked.map((one) => one.tradingsymbol)));
  return asked.flatMap(({ tradingsymbol, tickSize }) => {
    const quote = quotes.get(tradingsymbol);
    return quote === undefined ? [] : [{ tradingsymbol, tickSize, ...quote }];
  });
}

/** Cancels until the books show the end: cancelling twice does no more than once. */
async function untilEnded(
  { broker, patienceMs = defaultPatienceMs }: ProbePorts,
  { tag }: OrderRequest,
  outcome: SendOutcome,
): Promise<ProbeResult> {
  let orderId = outcome.kind === 'accepted' ? outcome.orderId : null;
  let why = outcome.kind === 'accepted' ? 'the books do not show it' : outcome.message;
  for (const until = Date.now() + patienceMs; Date.now() < until;) {
    if (orderId !== null) await broker.cancel(orderId);
    const seen = await booked(broker, tag).catch((error: unknown) => {
      why = wordsOf(error);
      return undefined;
    });
    if (seen !== undefined) {
      orderId = seen.orderId;
      const result = bookedProbe(seen);
      if (result !== null) return result;
      why = `the books show it as ${seen.status}`;
    }
    await sleep(againMs);
  }
  return lostProbe(tag, orderId, why);
}

const booked = async (broker: Broker, tag: string): Promise<BookOrder | undefined> =>
  (await patiently(() => broker.books())).orders.find((order) => order.tag === tag);
