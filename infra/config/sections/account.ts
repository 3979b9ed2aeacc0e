// The account and what it trades.
import { z } from 'zod';
import { optionalSetting, setting } from '../../../domain/settings';
import { paiseFromRupees } from '../../../domain/units';

export const accountSchema = setting(
  z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/)
    .meta({ allowed: '1 to 31 lower-case letters, digits and dashes' }),
  'paper',
  'Names the account in workflow ids and books; carries no secret.',
);

/** Written in rupees, kept in paise. */
const rupees = z
  .number()
  .positive()
  .max(1e9)
  .transform(paiseFromRupees)
  .meta({ allowed: 'rupees, above 0' });

export const capitalMaxSchema = optionalSetting(
  rupees,
  50_000,
  'The most of the account’s cash that counts as capital, in rupees; left out, all of it.',
);

export const dayLossMaxSchema = optionalSetting(
  rupees,
  1_000,
  'No new entries once the day has lost this many rupees; left out, risk.dayLossBps alone.',
);

export const universeSchema = optionalSetting(
  z.array(z.string().min(1)).max(50),
  ['RELIANCE', 'INFY'],
  'Trading symbols to watch; left out, the screener chooses.',
);

export const longProductSchema = setting(
  z.enum(['MIS', 'CNC']),
  'MIS',
  'What longs are bought as: MIS ends with the session, CNC is paid in full and may be held over the night.',
);

export const shownInTemporalSchema = setting(
  z.boolean(),
  false,
  'Whether Temporal’s lists show stock, phase, stop, target and profit in plain text; everything else there is encrypted.',
);
