// The account and what it trades.
import { z } from 'zod';
import { optionalSetting, setting } from '../../../domain/settings';

export const accountSchema = setting(
  z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/)
    .meta({ allowed: '1 to 31 lower-case letters, digits and dashes' }),
  'paper',
  'Names the account in workflow ids and books; carries no secret.',
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
