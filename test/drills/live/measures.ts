// What the drill measures at the end: money as the broker has it beside our ledger, and how long each stock's day
// had a hole.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { istInstant } from '../../../domain/session/sessionClock';
import { marketTime } from '../../../domain/session/sessionPlan';
import { epochMs } from '../../../domain/units';
import { eventually } from '../../support/ratchet';
import { account, type Installation } from './installation';
import { keys, type StandIn } from './standIn';
import type { Hole, Point } from './verdict';

interface OrderRow {
  readonly order_id: string;
  readonly tradingsymbol: string;
  readonly transaction_type: 'BUY' | 'SELL';
  readonly product: string;
  readonly order_type: string;
  readonly filled_quantity: number;
  readonly average_price: number;
}

const inPaise = (rupees: number): number => Math.round(rupees * 100);

/** Our result after charges beside the broker's own trades and its contract note. */
export async function ledgerDiffPaise(one: Installation, standIn: StandIn): Promise<number> {
  const rows = await one.rows<{ net: string }>(
    'select coalesce(sum(gross_pnl - charges), 0) as net from position_result',
  );
  const orders = await asked<OrderRow[]>(one, standIn, '/orders');
  const executed = orders.filter((order) => order.filled_quantity > 0);
  const trades = await asked<
    { transaction_type: string; quantity: number; average_price: number }[]
  >(one, standIn, '/trades');
  const gross = trades.reduce(
    (sum, trade) =>
      sum +
      (trade.transaction_type === 'SELL' ? 1 : -1) * trade.quantity * inPaise(trade.average_price),
    0,
  );
  const note = await asked<{ charges: { total: number } }[]>(
    one,
    standIn,
    '/charges/orders',
    executed.map((order) => ({
      order_id: order.order_id,
      exchange: 'NSE',
      tradingsymbol: order.tradingsymbol,
      transaction_type: order.transaction_type,
      variety: 'regular',
      product: order.product,
      order_type: order.order_type,
      quantity: order.filled_quantity,
      average_price: order.average_price,
    })),
  );
  const charges = note.reduce((sum, row) => sum + inPaise(row.charges.total), 0);
  return Math.abs(Number(rows[0]?.net ?? 0) - (gross - charges));
}

async function asked<T>(
  { home }: Installation,
  { rest }: StandIn,
  path: string,
  body?: unknown,
): Promise<T> {
  const file = join(home, 'accounts', account, 'session.json');
  const { accessToken } = JSON.parse(readFileSync(file, 'utf8')) as { accessToken: string };
  const answer = await admitted(`${rest}${path}`, {
    headers: {
      authorization: `token ${keys.apiKey}:${accessToken}`,
      'x-kite-version': '3',
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { data: T }).data;
}

/** The system's requests count against the same limits, so one too many of them is sent again. */
const admitted = (url: string, request: RequestInit): Promise<Response> =>
  eventually(async () => {
    const answer = await fetch(url, request);
    return answer.status === 429 ? undefined : answer;
  });

const minuteMs = 60_000;
const minuteOf = (at: number): number => at - (at % minuteMs);

/** The outages in which no tick could come, and when each stock's history of them was there. */
export async function holesOf(
  one: Installation,
  standIn: StandIn,
  points: readonly Point[],
): Promise<readonly Hole[]> {
  const stocks = await one.rows<{ instrument_token: string; tradingsymbol: string }>(
    'select instrument_token, tradingsymbol from watch where account = $1',
    [account],
  );
  const market = (at: number): number => marketTime(standIn.clock, epochMs(at));
  return points.flatMap(({ unheard }) =>
    unheard === undefined
      ? []
      : stocks.map(({ instrument_token: token, tradingsymbol }) => {
          const last = minuteOf(market(unheard.until));
          const filled = standIn.histories.find(
            (one) =>
              one.token === Number(token) &&
              instantOf(one.from) <= last &&
              instantOf(one.to) >= last &&
              market(one.at) > last + minuteMs,
          );
          const filledAt = filled === undefined ? Infinity : market(filled.at);
          return { tradingsymbol, from: market(unheard.from), filledAt };
        }),
  );
}

const instantOf = (text: string): number => istInstant(text.slice(0, 10), text.slice(11, 19));
