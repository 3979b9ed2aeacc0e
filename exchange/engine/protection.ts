// Market protection: the limit price a MARKET or SL-M order really carries. The automatic table is the
// published one; what Kite does for −1 on cash stocks is not confirmed. Source: docs/kite.md, Orders.
import { roundToTick, clampToBand } from '../../domain/market/instrument';
import { paise, type Paise, type Side } from '../../domain/units';
import type { Tape } from './tape';

/** Percent for `market_protection` −1, by last price. */
function automaticProtectionPct(lastPrice: Paise): number {
  if (lastPrice < 10_000) return 2;
  return lastPrice <= 50_000 ? 1 : 0.5;
}

/** The worst price the order may trade at, on the grid and inside the band. */
export function protectionPrice(
  side: Side,
  reference: Paise,
  protectionPct: number,
  tape: Tape,
): Paise {
  const pct = protectionPct === -1 ? automaticProtectionPct(reference) : protectionPct;
  const { tickSize } = tape.listing;
  const distance = (reference * pct) / 100;
  const limit =
    side === 'BUY'
      ? roundToTick(reference + distance, tickSize, 'down')
      : roundToTick(reference - distance, tickSize, 'up');
  return clampToBand(paise(Math.max(tickSize, limit)), tape.band, tickSize);
}

/** The tags Kite shows in `meta_raw`, e.g. `mktp:2.00`. */
export const protectionTags = (reference: Paise, protectionPct: number): readonly string[] => {
  const pct = protectionPct === -1 ? automaticProtectionPct(reference) : protectionPct;
  return ['mktp', `mktp:${pct.toFixed(2)}`];
};
