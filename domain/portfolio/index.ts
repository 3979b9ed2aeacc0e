// The day's positions as one account: what is held, what it has earned after charges, and its deepest fall.
import { chargesForOrder, depositoryFee } from '../charges';
import { sessionOf, settlementOf } from '../ledger/settlement';
import { averagePrice, grossPnl, holdingOf, type ForeignFill, type Intent } from '../position';
import { settlementEstimate, type SettlementEstimate } from '../risk';
import {
  directionSign,
  epochMs,
  exitSide,
  paise,
  shares,
  type Direction,
  type EpochMs,
  type Paise,
  type Shares,
} from '../units';
import { deepestFall } from './falls';

/** A position by its trades: those of its own orders, and the foreign ones that closed it. */
export interface TradedPosition {
  readonly intent: Intent;
  /** Fills, each trade once. */
  readonly fills: readonly ForeignFill[];
  /** null where no price is known; it is then valued at its entry price. */
  readonly ltp: Paise | null;
  /** True when its charges so far are in the ledger. */
  readonly settled: boolean;
  /** The session looked at. Trades of other sessions moved those sessions' cash. */
  readonly session: string;
  /** When its trades settle; null past the list of holidays. */
  readonly settlesOn: string | null;
}

/** One line of the portfolio. Money in paise. */
export interface PortfolioLine {
  readonly intentId: string;
  readonly tradingsymbol: string;
  readonly sector: string;
  readonly direction: Direction;
  readonly held: Shares;
  readonly entryPrice: Paise;
  readonly ltp: Paise | null;
  /** Value of what is held, at the last price. */
  readonly exposure: Paise;
  /** Profit of what has been closed, before charges. */
  readonly realised: Paise;
  /** Profit of what is held, before charges. */
  readonly unrealised: Paise;
  /** Charges of everything executed so far. */
  readonly charges: Paise;
  /** Charges of closing the rest at the last price. */
  readonly chargesToClose: Paise;
  /** Realised and unrealised profit, after both kinds of charges. */
  readonly netPnl: Paise;
  /** What would be owed if what is held were not closed today; null where nothing is held. */
  readonly settlement: SettlementEstimate | null;
}

export interface EquityPoint {
  /** Market clock. */
  readonly at: EpochMs;
  /** Profit of all positions closed by then, after charges. */
  readonly netPnl: Paise;
}

export interface Portfolio {
  readonly lines: readonly PortfolioLine[];
  readonly realised: Paise;
  readonly unrealised: Paise;
  readonly charges: Paise;
  readonly netPnl: Paise;
  readonly exposure: Readonly<Record<Direction, Paise>>;
  readonly exposureBySector: Readonly<Record<string, Paise>>;
  /** One point for each position that is flat, in the order of their last trades. */
  readonly equity: readonly EquityPoint[];
  /** The deepest fall of that curve from its highest point, the start included; 0 or more. */
  readonly drawdown: Paise;
  /** Cash moved by all trades, with the charges of settled positions: the ledger's cash less its opening. */
  readonly cashMoved: Paise;
}

const total = (amounts: readonly number[]): Paise =>
  paise(amounts.reduce((sum, amount) => sum + amount, 0));

export function portfolioOf(positions: readonly TradedPosition[]): Portfolio {
  const traded = positions.filter(({ fills }) => fills.length > 0);
  const lines = traded.map(lineOf);
  const ended = endedIn(traded, lines);
  const exposureOf = (belongs: (line: PortfolioLine) => boolean): Paise =>
    total(lines.filter(belongs).map(({ exposure }) => exposure));
  const sectors = [...new Set(lines.filter(({ held }) => held > 0).map(({ sector }) => sector))];
  return {
    lines,
    realised: total(lines.map(({ realised }) => realised)),
    unrealised: total(lines.map(({ unrealised }) => unrealised)),
    charges: total(lines.map(({ charges }) => charges)),
    netPnl: total(lines.map(({ netPnl }) => netPnl)),
    exposure: {
      LONG: exposureOf(({ direction }) => direction === 'LONG'),
      SHORT: exposureOf(({ direction }) => direction === 'SHORT'),
    },
    exposureBySector: Object.fromEntries(
      sectors.map((sector) => [sector, exposureOf((line) => line.sector === sector)]),
    ),
    equity: equityOf(ended),
    drawdown: paise(deepestFall(ended.map(({ netPnl }) => netPnl))),
    cashMoved: total(traded.map(cashOf)),
  };
}

function lineOf(position: TradedPosition): PortfolioLine {
  const { intent, fills, ltp } = position;
  const { intentId, direction, instrument, product, date } = intent;
  const holding = holdingOf(intent, { books: null, adopted: fills });
  const entryPrice = averagePrice(holding.entered);
  const held = shares(Math.max(0, holding.open));
  const price = ltp ?? entryPrice;
  const turnover = paise(held * price);
  const realised = grossPnl(intent, holding);
  const cost = Math.round(
    holding.entered.quantity === 0 ? 0 : (holding.entered.value * held) / holding.entered.quantity,
  );
  const unrealised = paise(directionSign(direction) * (turnover - cost));
  const { charges } = settlementOf(fills, { product, date });
  const closing = { side: exitSide(direction), product, date, turnover };
  const chargesToClose =
    held === 0 ? paise(0) : paise(chargesForOrder(closing).total + depositoryToClose(position));
  return {
    intentId,
    tradingsymbol: instrument.tradingsymbol,
    sector: instrument.sector,
    direction,
    held,
    entryPrice,
    ltp,
    exposure: turnover,
    realised,
    unrealised,
    charges,
    chargesToClose,
    netPnl: paise(realised + unrealised - charges - chargesToClose),
    settlement: held === 0 ? null : settlementEstimate(intent, turnover, position.settlesOn),
  };
}

/** The depository's fee is due with the first sale in a session later than the purchase. */
function depositoryToClose({ intent, fills, session }: TradedPosition): Paise {
  const isDue = intent.product === 'CNC' && intent.date < session;
  const isPaid = fills.some((fill) => fill.side === 'SELL' && sessionOf(fill, intent) === session);
  return isDue && !isPaid ? depositoryFee : paise(0);
}

/** A position that is flat: when it last traded, and what it alone has made after charges. */
type EndedPosition = Pick<PortfolioLine, 'netPnl'> & { readonly at: EpochMs };

/** What each position that is flat has made, in the order of their last trades. */
const endedIn = (
  traded: readonly TradedPosition[],
  lines: readonly PortfolioLine[],
): readonly EndedPosition[] =>
  traded
    .map(({ fills }, index) => ({ at: lastTradeAt(fills), line: lines[index] }))
    .flatMap(({ at, line }) => (line?.held === 0 ? [{ at, netPnl: line.netPnl }] : []))
    .toSorted((one, other) => one.at - other.at);

function equityOf(ended: readonly EndedPosition[]): readonly EquityPoint[] {
  let sum = 0;
  return ended.map(({ at, netPnl }) => {
    sum += netPnl;
    return { at, netPnl: paise(sum) };
  });
}

const lastTradeAt = (fills: TradedPosition['fills']): EpochMs =>
  epochMs(Math.max(...fills.map(({ at }) => at)));

function cashOf({ intent, fills, settled, session }: TradedPosition): Paise {
  const own = fills.filter((fill) => sessionOf(fill, intent) === session);
  const { grossPnl: moved, charges } = settlementOf(own, intent);
  return paise(moved - (settled ? charges : 0));
}
