// A tick of the feed in our units. Ticks are many, so what every one has is looked at by hand.
import { epochMs, paiseFromRupees } from '../../../domain/units';
import type { FeedTick } from '../../port';
import { dayShape, depthShape } from './marketRows';
import { rupeesMax } from './values';

/** As the client makes it; of an index or in another mode, parts are missing. */
export interface WireTick {
  readonly instrument_token: number;
  readonly last_price: number;
  readonly volume_traded?: number;
  readonly exchange_timestamp?: Date | null;
  readonly depth?: unknown;
  readonly ohlc?: unknown;
}

/** Depth that cannot be read is none: the price is worth more than the tick's other parts. */
function detailOf({ depth, ohlc }: WireTick): Pick<FeedTick, 'detail'> {
  const [found, day] = [depthShape.safeParse(depth), dayShape.safeParse(ohlc)];
  return found.success && day.success ? { detail: { depth: found.data, day: day.data } } : {};
}

/** null where it has no instant, or says what cannot be. */
export function tickOf(tick: WireTick, wantsDetail: boolean): FeedTick | null {
  const { instrument_token: token, last_price: rupees, volume_traded: volume = 0 } = tick;
  const at = tick.exchange_timestamp?.getTime() ?? Number.NaN;
  const isPrice = rupees >= 0 && rupees <= rupeesMax;
  const isCount = Number.isSafeInteger(volume) && volume >= 0;
  if (!Number.isSafeInteger(token) || !Number.isSafeInteger(at) || !isPrice || !isCount)
    return null;
  const price = paiseFromRupees(rupees);
  return { token, price, volume, at: epochMs(at), ...(wantsDetail ? detailOf(tick) : {}) };
}
