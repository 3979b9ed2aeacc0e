// Which stocks the day watches.
import { z } from 'zod';
import { optionalSetting, setting } from '../../../domain/settings';

export const screenerSchema = z
  .strictObject({
    stocksMax: setting(z.int().min(1).max(50), 24, 'Most stocks to watch.'),
    priceMin: setting(z.number().positive(), 50, 'Least price, in rupees.'),
    priceMax: setting(z.number().positive(), 20_000, 'Largest price, in rupees.'),
    turnoverMin: setting(z.number().min(0), 100_000_000, 'Least turnover of a session, in rupees.'),
    spreadBpsMax: setting(z.number().positive(), 30, 'Widest spread, in bps of the price.'),
    bandDistanceBpsMin: setting(
      z.number().min(0).max(2_000),
      200,
      'Least distance to the day’s price band, in bps of the price.',
    ),
    atrPctMin: setting(
      z.number().min(0),
      0.5,
      'Least mean true range of a session, in percent of the price.',
    ),
    atrPctMax: setting(
      z.number().positive(),
      8,
      'Largest mean true range of a session, in percent of the price.',
    ),
    surveillanceFile: optionalSetting(
      z.string().min(1),
      'surveillance.json',
      'JSON with `asOf` and `stocks`: the exchange’s ASM, GSM and T2T lists, a measure by symbol.',
    ),
  })
  .superRefine(({ priceMin, priceMax, atrPctMin, atrPctMax }, context) => {
    if (priceMin > priceMax)
      context.addIssue({
        code: 'custom',
        path: ['priceMin'],
        message: notAbove('priceMax', priceMax),
      });
    if (atrPctMin > atrPctMax)
      context.addIssue({
        code: 'custom',
        path: ['atrPctMin'],
        message: notAbove('atrPctMax', atrPctMax),
      });
  });

const notAbove = (key: string, value: number): string =>
  `must not exceed screener.${key} (${value})`;
