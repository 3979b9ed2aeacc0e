// The Telegram chat that is told, and that may ask. The bot's token is never in the configuration.
import { z } from 'zod';
import { otherAlerts, positionAlerts } from '../../../domain/alerts/catalogue';
import { setting } from '../../../domain/settings';

const types = [...Object.keys(positionAlerts), ...Object.keys(otherAlerts)];

export const telegramSchema = z
  .strictObject({
    chatId: z
      .int()
      .refine((id) => id !== 0)
      .meta({ allowed: 'the number of a chat, not 0; below 0 for a group', example: 123456789 })
      .describe('The one chat that is told and answered.'),
    except: setting(
      z.array(z.enum(types)),
      ['trade.stop_moved'],
      'Types of alerts that are not told here; Telegram holds a chat back above some 20 messages a minute.',
    ),
    apiRoot: setting(
      z.url(),
      'https://api.telegram.org',
      'Address of the Bot API; another only for a server of your own.',
    ),
  })
  .optional()
  .describe('The bot that tells one chat; RATCHET_TELEGRAM_TOKEN has its token.');
