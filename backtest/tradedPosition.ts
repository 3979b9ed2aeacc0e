// A position's run that reports to its day, once, how it ended.
import { settlementOf } from '../domain/ledger/settlement';
import { distinctFills, viewOf, type ExitReason, type PositionTerms } from '../domain/position';
import { paise, type Direction, type EpochMs, type Paise, type Shares } from '../domain/units';
import { ReplayedPosition, type ReplayedParts } from './replayedPosition';

/** One position from entry to exit. */
export interface DayTrade {
  readonly intentId: string;
  readonly tradingsymbol: string;
  readonly direction: Direction;
  readonly quantity: Shares;
  readonly entryPrice: Paise;
  readonly exitPrice: Paise;
  readonly entryAt: EpochMs;
  readonly exitAt: EpochMs;
  readonly exitReason: ExitReason | null;
  readonly reason: string;
  readonly grossPnl: Paise;
  readonly charges: Paise;
  readonly netPnl: Paise;
}

/** @param trade null where nothing was ever filled. */
type Closed = (trade: DayTrade | null, netPnl: Paise) => void;

export class TradedPosition extends ReplayedPosition {
  readonly #closed: Closed;
  #told = false;

  constructor(terms: PositionTerms, parts: ReplayedParts, closed: Closed) {
    super(terms, parts);
    this.#closed = closed;
  }

  override pump(): void {
    super.pump();
    if (!this.isOver() || this.#told) return;
    this.#told = true;
    const trade = this.#trade();
    this.#closed(trade, trade?.netPnl ?? paise(0));
  }

  #trade(): DayTrade | null {
    const { intent } = this.terms;
    const fills = [...distinctFills(this.state.books?.fills ?? []), ...this.state.adopted];
    const [first] = fills;
    const last = fills.at(-1);
    if (first === undefined || last === undefined) return null;
    const { grossPnl, charges } = settlementOf(fills, intent);
    const { quantity, entryPrice, exitPrice, exitReason } = viewOf(this.terms, this.state);
    return {
      intentId: intent.intentId,
      tradingsymbol: intent.instrument.tradingsymbol,
      direction: intent.direction,
      quantity,
      entryPrice,
      exitPrice,
      exitReason,
      entryAt: first.at,
      exitAt: last.at,
      reason: intent.reason,
      grossPnl,
      charges,
      netPnl: paise(grossPnl - charges),
    };
  }
}
