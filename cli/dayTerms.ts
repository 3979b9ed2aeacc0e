// What a trading day is started with, from the configuration: by hand and by the schedule alike.
import type { TradingTerms } from '../domain/entry';
import { positionTiming } from '../domain/position';
import type { RatchetConfig } from '../infra/config/config';

/** @param size the day's share of the capital, above 0 and at most 1. */
export const dayTerms = (
  config: RatchetConfig,
  { speed, size = 1 }: { readonly speed: number; readonly size?: number },
): TradingTerms => ({
  risk: config.risk,
  trailing: config.trailing,
  longProduct: config.longProduct,
  barMinutes: config.decision.barMinutes,
  timing: positionTiming(speed),
  caps: { capitalMax: config.capitalMax ?? null, dayLossMax: config.dayLossMax ?? null, size },
  shownInTemporal: config.shownInTemporal,
});
