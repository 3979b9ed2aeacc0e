// The limits a day trades under. Money is paise; shares of capital are basis points (1/100 of a percent).
import { Refused } from '../errors';
import { paise, type Paise } from '../units';

export interface RiskLimits {
  /** Risk of one trade (distance to the stop × quantity), of the day's opening capital. */
  readonly riskPerTradeBps: number;
  /** Risk of all open positions together, of capital. */
  readonly openRiskBps: number;
  /** Largest value of one position, of capital × leverage. */
  readonly positionValueBps: number;
  /** Gross exposure by direction and by sector, of capital × leverage. */
  readonly longExposureBps: number;
  readonly shortExposureBps: number;
  readonly sectorExposureBps: number;
  /** One pool of buying power for both directions, or one for each. */
  readonly capitalPool: 'shared' | 'separate';
  /** The long pool's share of capital where pools are separate; the short pool has the rest. */
  readonly longPoolBps: number;
  readonly openPositionsMax: number;
  readonly entriesPerDayMax: number;
  readonly entriesPerStockMax: number;
  readonly positionsPerSectorMax: number;
  /** No new entries once the day has lost this much of its capital. */
  readonly dayLossBps: number;
  /** … or has given back this much of its capital from its best. */
  readonly drawdownBps: number;
  /** After this many losing trades in a row, entries pause for `cooldownMinutes`. */
  readonly lossesInRowMax: number;
  readonly cooldownMinutes: number;
  /** Intraday leverage we allow ourselves; the broker's is 5. */
  readonly leverage: number;
  /** Share of the broker's margin that may be in use after the entry, by the broker's own figures. */
  readonly marginUseBps: number;
  /** Least distance of an entry from the day's price band, of the price. */
  readonly bandDistanceBps: number;
  /** Farthest the last price may have moved from the price the decision was made on. */
  readonly priceCollarBps: number;
  /** Least target distance over stop distance. */
  readonly rewardToRiskMin: number;
  /** Smallest value of an entry. A smaller one costs charges without being worth the trade. */
  readonly orderValueMin: Paise;
  readonly orderValueMax: Paise;
  /** Most shares in one order: the broker's cap, or the exchange's freeze quantity where that is lower. */
  readonly orderQuantityMax: number;
}

export const defaultRiskLimits: RiskLimits = {
  riskPerTradeBps: 25,
  openRiskBps: 150,
  positionValueBps: 2_000,
  longExposureBps: 6_000,
  shortExposureBps: 6_000,
  sectorExposureBps: 4_000,
  capitalPool: 'shared',
  longPoolBps: 5_000,
  openPositionsMax: 8,
  entriesPerDayMax: 24,
  entriesPerStockMax: 2,
  positionsPerSectorMax: 3,
  dayLossBps: 200,
  drawdownBps: 250,
  lossesInRowMax: 4,
  cooldownMinutes: 30,
  leverage: 4,
  marginUseBps: 9_000,
  bandDistanceBps: 150,
  priceCollarBps: 50,
  rewardToRiskMin: 1,
  orderValueMin: paise(5_000_00),
  orderValueMax: paise(100_000_000_00),
  orderQuantityMax: 100_000,
};

type NumberLimit = Exclude<keyof RiskLimits, 'capitalPool'>;

const ranges: Readonly<Record<NumberLimit, readonly [min: number, max: number]>> = {
  riskPerTradeBps: [1, 500],
  openRiskBps: [1, 5_000],
  positionValueBps: [1, 10_000],
  longExposureBps: [0, 10_000],
  shortExposureBps: [0, 10_000],
  sectorExposureBps: [1, 10_000],
  longPoolBps: [0, 10_000],
  openPositionsMax: [1, 100],
  entriesPerDayMax: [1, 1000],
  entriesPerStockMax: [1, 100],
  positionsPerSectorMax: [1, 100],
  dayLossBps: [1, 10_000],
  drawdownBps: [1, 10_000],
  lossesInRowMax: [1, 100],
  cooldownMinutes: [0, 375],
  leverage: [1, 5],
  marginUseBps: [1, 10_000],
  bandDistanceBps: [0, 2_000],
  priceCollarBps: [1, 1_000],
  rewardToRiskMin: [0.1, 20],
  orderValueMin: [0, 100_000_000_00],
  orderValueMax: [1, 100_000_000_00],
  orderQuantityMax: [1, 100_000],
};

type Relation = readonly [smaller: NumberLimit, larger: NumberLimit, otherwise: string];

/** In each pair the first limit may not exceed the second. */
const relations: readonly Relation[] = [
  ['riskPerTradeBps', 'openRiskBps', 'one trade would break the limit on open risk'],
  ['riskPerTradeBps', 'dayLossBps', 'one stop would end the day'],
  ['riskPerTradeBps', 'drawdownBps', 'one stop would be the drawdown that ends the day'],
  ['orderValueMin', 'orderValueMax', 'no order would be neither too small nor too large'],
  ['positionValueBps', 'sectorExposureBps', 'no position of full value would fit its sector'],
  ['entriesPerStockMax', 'entriesPerDayMax', 'a stock would be allowed more than the whole day'],
  ['positionsPerSectorMax', 'openPositionsMax', 'a sector would be allowed more than all together'],
];

function refuse(message: string): never {
  throw new Refused({ code: 'RISK_LIMITS', message });
}

/** The limits, checked. @throws Refused RISK_LIMITS naming the field, its value and what is allowed. */
export function validateLimits(limits: RiskLimits): RiskLimits {
  for (const field of Object.keys(ranges) as NumberLimit[]) {
    const [min, max] = ranges[field];
    const value = limits[field];
    if (!(Number.isFinite(value) && value >= min && value <= max))
      refuse(`risk.${field} must be between ${min} and ${max}, was ${value}`);
  }
  for (const [smaller, larger, otherwise] of relations) {
    if (limits[smaller] > limits[larger])
      refuse(
        `risk.${smaller} (${limits[smaller]}) must not exceed risk.${larger} (${limits[larger]}): ${otherwise}`,
      );
  }
  if (limits.positionValueBps > Math.max(limits.longExposureBps, limits.shortExposureBps))
    refuse(
      `risk.positionValueBps (${limits.positionValueBps}) must not exceed both exposure limits, or no position could ever be opened`,
    );
  return limits;
}
