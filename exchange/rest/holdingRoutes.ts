// Holdings in all the shapes clients ask for, and their authorisation at the depository, which is granted
// by an admin call instead of a web page. Sources: docs/kite.md, Errors and Books; the official mocks.
import { randomBytes } from 'node:crypto';
import { usedQuantity, type Holding } from '../engine/holdings';
import { success, type KiteReply } from './request';
import { holdingRow, type Row } from './rows';
import type { Route, RouteCall, Scene } from './scene';

export const holdingRoutes: readonly Route[] = [
  { method: 'GET', path: '/portfolio/holdings', answer: ({ scene }) => success(rowsOf(scene)) },
  { method: 'GET', path: '/portfolio/holdings/compact', answer: compact },
  { method: 'GET', path: '/portfolio/holdings/summary', answer: summary },
  { method: 'GET', path: '/portfolio/holdings/auctions', answer: () => success([]) },
  {
    method: 'POST',
    path: '/portfolio/holdings/authorise',
    answer: () => success({ request_id: randomBytes(16).toString('hex') }),
  },
];

function rowsOf(scene: Scene): readonly Row[] {
  const { account, date } = scene.exchange;
  return account.holdings.map((holding) => {
    const tape = scene.exchange.tapeByToken(holding.listing.instrumentToken);
    const used = usedQuantity(holding, account);
    const authorised = account.authorisedQuantity(holding);
    return holdingRow(holding, { used, authorised, tape, date });
  });
}

function compact({ scene }: RouteCall): KiteReply {
  const fields = ['exchange', 'tradingsymbol', 'instrument_token', 't1_quantity', 'quantity'];
  const rows = rowsOf(scene).map((row) =>
    Object.fromEntries(fields.map((name) => [name, row[name]])),
  );
  return success(rows);
}

/** Value and profit of everything that is left, in rupees. */
function summary({ scene }: RouteCall): KiteReply {
  const { account } = scene.exchange;
  const worth = (priceOf: (holding: Holding) => number): number =>
    account.holdings.reduce((sum, holding) => {
      const left = holding.quantity + holding.t1Quantity - usedQuantity(holding, account);
      return sum + (left * priceOf(holding)) / 100;
    }, 0);
  const invested = worth(({ averagePrice }) => averagePrice);
  const current = worth(({ listing }) => scene.exchange.tape(listing.tradingsymbol).lastPrice);
  const yesterday = worth(
    ({ listing }) => scene.exchange.tape(listing.tradingsymbol).previousClose,
  );
  const pct = (gain: number, base: number): number => (base === 0 ? 0 : (gain / base) * 100);
  return success({
    total_pnl: current - invested,
    total_pnl_percent: pct(current - invested, invested),
    today_pnl: current - yesterday,
    today_pnl_percent: pct(current - yesterday, yesterday),
    invested_amount: invested,
    current_value: current,
  });
}
