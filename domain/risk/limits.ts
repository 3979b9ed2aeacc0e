// The limits a day trades under. Money is paise; shares of capital are basis points (1/100 of a percent).
import { z } from 'zod';
import { Refused } from '../errors';
import { setting } from '../settings';
import { paise, type Paise } from '../units';

const from = (min: number, max: number): z.ZodNumber => z.number().min(min).max(max);
const shareOfCapital = from(1, 10_000);
const upToAll = from(0, 10_000);
const count = from(1, 100);
const orderValue = (min: number): z.ZodType<Paise, number> =>
  z.int().min(min).max(100_000_000_00).transform(paise);

export const riskLimitsSchema = z
  .strictObject({
    riskPerTradeBps: setting(
      from(1, 500),
      25,
      'Risked per trade, distance to the stop × quantity, in bps of the day’s opening capital.',
    ),
    openRiskBps: setting(
      from(1, 5_000),
      150,
      'Risked by all open positions together, in bps of capital.',
    ),
    positionValueBps: setting(
      shareOfCapital,
      2_000,
      'Largest value of one position, in bps of capital × leverage.',
    ),
    longExposureBps: setting(
      upToAll,
      6_000,
      'Largest gross exposure of longs, in bps of capital × leverage.',
    ),
    shortExposureBps: setting(
      upToAll,
      6_000,
      'Largest gross exposure of shorts, in bps of capital × leverage.',
    ),
    sectorExposureBps: setting(
      shareOfCapital,
      4_000,
      'Largest gross exposure of one sector, in bps of capital × leverage.',
    ),
    capitalPool: setting(
      z.enum(['shared', 'separate']),
      'shared',
      'One pool of buying power for both directions, or one for each.',
    ),
    longPoolBps: setting(
      upToAll,
      5_000,
      'The long pool’s share when pools are separate, in bps of capital; the short pool has the rest.',
    ),
    openPositionsMax: setting(count, 8, 'Positions open at once.'),
    entriesPerDayMax: setting(from(1, 1_000), 24, 'Entries in one day.'),
    entriesPerStockMax: setting(count, 2, 'Entries in one stock in one day.'),
    positionsPerSectorMax: setting(count, 3, 'Positions open at once in one sector.'),
    dayLossBps: setting(
      shareOfCapital,
      200,
      'No new entries once the day has lost this much, in bps of capital.',
    ),
    drawdownBps: setting(
      shareOfCapital,
      250,
      'No new entries once the day has given back this much from its best, in bps of capital.',
    ),
    lossesInRowMax: setting(count, 4, 'So many losing trades in a row pause entries.'),
    cooldownMinutes: setting(from(0, 375), 30, 'How long such a pause lasts, in minutes.'),
    leverage: setting(from(1, 5), 4, 'Intraday leverage we allow ourselves; the broker’s is 5.'),
    marginUseBps: setting(
      shareOfCapital,
      9_000,
      'Margin in use after an entry, in bps of all the broker gives, by its own figures.',
    ),
    bandDistanceBps: setting(
      from(0, 2_000),
      150,
      'No entry nearer than this to the day’s price band, in bps of the price.',
    ),
    priceCollarBps: setting(
      from(1, 1_000),
      50,
      'Farthest the last price may have moved from the price decided on, in bps of the price.',
    ),
    rewardToRiskMin: setting(from(0.1, 20), 1, 'Least target distance over stop distance.'),
    orderValueMin: setting(
      orderValue(0),
      5_000_00,
      'Least value of an entry, in paise: below it charges and effort come without a trade.',
    ),
    orderValueMax: setting(orderValue(1), 100_000_000_00, 'Largest value of an entry, in paise.'),
    orderQuantityMax: setting(
      from(1, 100_000),
      100_000,
      'Most shares in one order; the exchange’s freeze quantity where that is lower.',
    ),
  })
  .readonly();

export type RiskLimits = z.infer<typeof riskLimitsSchema>;

type NumberLimit = Exclude<keyof RiskLimits, 'capitalPool'>;

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

/** Limits that fit each other. @throws Refused RISK_LIMITS naming both fields and their values. */
export function validateLimits(limits: RiskLimits): RiskLimits {
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
