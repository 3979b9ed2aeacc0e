import type { RsiZone } from './snapshot';

/** Beyond 70 or below 30, strictly. */
export function rsiZone(rsi: number | null): RsiZone | null {
  if (rsi === null) return null;
  if (rsi > 70) return 'overbought';
  return rsi < 30 ? 'oversold' : null;
}
