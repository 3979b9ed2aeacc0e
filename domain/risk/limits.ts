// The limits a day trades under. Money is paise; shares of capital are basis points (1/100 of a percent).
import { Refused } from '../errors';
import { paise, type Paise } from '../units';

export interface RiskLimits {
  /** Risked per trade: distance to the stop × quantity, of the day's opening capital. */
  readonly riskPerTradeBps: number;
  /** Largest value of one position, of capital × leverage. */
  readonly positionValueBps: number;
  /** Gross exposure by direction, of capital × leverage. */
  readonly longExposureBps: number;
  readonly shortExposureBps: number;
  readonly openPositionsMax: number;
  readonly entriesPerDayMax: number;
  readonly entriesPerStockMax: number;
  readonly positionsPerSectorMax: number;
  /** No new entries once the day has lost this much of its capital. */
  readonly dayLossBps: number;
  /** MIS leverage we allow ourselves; the broker's is 5. */
  readonly leverage: number;
  /** An entry is not made nearer than this to the day's price band, of the price. */
  readonly bandDistanceBps: number;
  readonly orderValueMax: Paise;
  readonly orderQuantityMax: number;
}

export const defaultRiskLimits: RiskLimits = {
  riskPerTradeBps: 25,
  positionValueBps: 2_000,
  longExposureBps: 6_000,
  shortExposureBps: 6_000,
  openPositionsMax: 8,
  entriesPerDayMax: 24,
  entriesPerStockMax: 2,
  positionsPerSectorMax: 3,
  dayLossBps: 200,
  leverage: 4,
  bandDistanceBps: 150,
  orderValueMax: paise(100_000_000_00),
  orderQuantityMax: 100_000,
};

const ranges: Readonly<Record<keyof RiskLimits, readonly [min: number, max: number]>> = {
  riskPerTradeBps: [1, 500],
  positionValueBps: [1, 10_000],
  longExposureBps: [0, 10_000],
  shortExposureBps: [0, 10_000],
  openPositionsMax: [1, 100],
  entriesPerDayMax: [1, 1000],
  entriesPerStockMax: [1, 100],
  positionsPerSectorMax: [1, 100],
  dayLossBps: [1, 10_000],
  leverage: [1, 5],
  bandDistanceBps: [0, 2_000],
  orderValueMax: [1, 100_000_000_00],
  orderQuantityMax: [1, 100_000],
};

/** The limits, checked. @throws Refused RISK_LIMITS naming the field, its value and what is allowed. */
export function validateLimits(limits: RiskLimits): RiskLimits {
  for (const [field, [min, max]] of Object.entries(ranges)) {
    const value = limits[field as keyof RiskLimits];
    if (!(Number.isFinite(value) && value >= min && value <= max)) {
      throw new Refused({
        code: 'RISK_LIMITS',
        message: `risk.${field} must be between ${min} and ${max}, was ${value}`,
      });
    }
  }
  if (limits.positionValueBps > Math.max(limits.longExposureBps, limits.shortExposureBps)) {
    throw new Refused({
      code: 'RISK_LIMITS',
      message: `risk.positionValueBps (${limits.positionValueBps}) must not exceed both exposure limits, or no position could ever be opened`,
    });
  }
  return limits;
}
