// Receivers of alerts. Their secrets are never in the configuration.
import { z } from 'zod';
import { setting } from '../../../domain/settings';

export const webhooksSchema = setting(
  z
    .array(
      z.strictObject({
        url: z.url().describe('Where alerts are posted to.'),
        lan: setting(
          z.boolean(),
          false,
          'The receiver is in the local network: its address must be private, and may use http and any port.',
        ),
      }),
    )
    .max(8)
    .meta({ example: [{ url: 'https://alerts.example.com/ratchet', lan: false }] }),
  [],
  'Receivers of alerts; RATCHET_WEBHOOK_SECRETS has their secrets in the same order.',
);
