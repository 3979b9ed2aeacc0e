// The positions of a day as a comparison with another day takes them.
import type { Pool } from 'pg';
import type { DayTrade } from '../../domain/live/comparison';
import { epochMs, type EpochMs } from '../../domain/units';
import { dayFacts, type PositionFacts, type TradeFacts } from './dayFacts';
import { sessionsOf } from './sessions';

/** Those closed in the session, and those held over the night after it; null where it was never opened. */
export async function dayTrades(
  pool: Pool,
  account: string,
  date: string,
): Promise<readonly DayTrade[] | null> {
  const sessions = await sessionsOf(pool, account);
  if (!sessions.some((session) => session.date === date)) return null;
  const { trades, carried } = await dayFacts(pool, account, date);
  return [...trades.map(closed), ...carried.map(entered)];
}

const entered = ({ intent, view, fills }: PositionFacts): DayTrade => ({
  tradingsymbol: intent.instrument.tradingsymbol,
  direction: intent.direction,
  quantity: view.quantity,
  enteredAt: instantOf(fills[0]),
  entryPrice: view.entryPrice,
  exit: null,
});

const closed = (trade: TradeFacts): DayTrade => ({
  ...entered(trade),
  exit: {
    at: instantOf(trade.fills.at(-1)),
    price: trade.view.exitPrice,
    netPnl: trade.netPnl,
  },
});

const instantOf = (fill: PositionFacts['fills'][number] | undefined): EpochMs =>
  fill?.at ?? epochMs(0);
