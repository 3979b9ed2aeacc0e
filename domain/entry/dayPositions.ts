// The positions of the day as the day counts them: at full size from the approval until they report. Risk is
// asked with this, so live and backtest count by the same rules.
import type { Instrument } from '../market/instrument';
import type { Intent } from '../position';
import type { Exposure, RiskView } from '../risk';
import { paise, type Direction, type EpochMs, type Paise, type Product } from '../units';

/** A position as the day counts it. */
export interface OpenedPosition {
  readonly intentId: string;
  /** The session it was entered in; an earlier one for a position held over the night. */
  readonly date: string;
  readonly instrument: Instrument;
  readonly direction: Direction;
  readonly product: Product;
  readonly value: Paise;
  readonly risk: Paise;
}

/** … with what came of it. */
export interface PositionOutcome {
  readonly closed: boolean;
  /** After charges; 0 until closed. */
  readonly netPnl: Paise;
}

export type DayScore = Pick<RiskView, 'dayPnl' | 'dayPnlPeak' | 'lossesInRow' | 'lastLossAt'>;

/** JSON-plain. */
export interface DayPositions<P extends OpenedPosition = OpenedPosition> {
  readonly positions: readonly (P & PositionOutcome)[];
  readonly score: DayScore;
}

export const emptyScore: DayScore = {
  dayPnl: paise(0),
  dayPnlPeak: paise(0),
  lossesInRow: 0,
  lastLossAt: null,
};

/** An approved intent as the day counts it. */
export const openedBy = (intent: Intent): OpenedPosition => ({
  intentId: intent.intentId,
  date: intent.date,
  instrument: intent.instrument,
  direction: intent.direction,
  product: intent.product,
  value: paise(intent.quantity * intent.entryLimit),
  risk: paise(intent.quantity * intent.stopDistance),
});

/** The position is counted from now on. One that is known already is not counted twice. */
export function withOpened<P extends OpenedPosition>(
  { positions, score }: DayPositions<P>,
  position: P,
): DayPositions<P> {
  const others = positions.filter(({ intentId }) => intentId !== position.intentId);
  return { positions: [...others, { ...position, closed: false, netPnl: paise(0) }], score };
}

/** The positions after one has reported. @param at market clock. */
export function withReport<P extends OpenedPosition>(
  positionsOfDay: DayPositions<P>,
  { intentId, closed, netPnl }: PositionOutcome & { readonly intentId: string },
  at: EpochMs,
): DayPositions<P> {
  const { positions, score } = positionsOfDay;
  const known = positions.find((position) => position.intentId === intentId);
  if (known === undefined) return positionsOfDay;
  const changed = scoreChanged(score, netPnl - known.netPnl);
  return {
    positions: positions.map((position) =>
      position === known ? { ...known, closed, netPnl } : position,
    ),
    score: closed && !known.closed ? scoreClosed(changed, netPnl, at) : changed,
  };
}

export const exposuresIn = ({ positions }: DayPositions, date: string): readonly Exposure[] =>
  positions.map((position) => exposureOf(position, date));

/**
 * The capital that limits are shares of: the session's opening cash, and what earlier sessions paid for the
 * positions they handed on.
 */
export const capitalOf = (openingCash: Paise, { positions }: DayPositions, date: string): Paise =>
  positions
    .filter((position) => position.date < date)
    .reduce((sum, { value }) => paise(sum + value), openingCash);

/** A counted position as risk sees it. @param date the session's. */
export const exposureOf = (
  position: OpenedPosition & Pick<PositionOutcome, 'closed'>,
  date: string,
): Exposure => ({
  intentId: position.intentId,
  tradingsymbol: position.instrument.tradingsymbol,
  sector: position.instrument.sector,
  direction: position.direction,
  product: position.product,
  isEarlier: position.date < date,
  value: position.value,
  risk: position.risk,
  closed: position.closed,
});

function scoreChanged(score: DayScore, by: number): DayScore {
  const dayPnl = paise(score.dayPnl + by);
  return { ...score, dayPnl, dayPnlPeak: paise(Math.max(score.dayPnlPeak, dayPnl)) };
}

/** An entry that never filled counts neither as a loss nor as a win. */
function scoreClosed(score: DayScore, netPnl: Paise, at: EpochMs): DayScore {
  if (netPnl > 0) return { ...score, lossesInRow: 0 };
  return netPnl < 0 ? { ...score, lossesInRow: score.lossesInRow + 1, lastLossAt: at } : score;
}
