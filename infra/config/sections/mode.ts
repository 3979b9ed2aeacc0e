// Whose money is at stake, and where the broker is spoken to.
import { isIP } from 'node:net';
import { z } from 'zod';
import { modes } from '../../../domain/live/mode';
import { optionalSetting, setting } from '../../../domain/settings';

export const modeSchema = setting(
  z.enum(modes),
  'paper',
  'What is at stake: on paper nothing is real, a shadow trades real prices without an order at the broker, live is real money.',
);

export const kiteUserSchema = optionalSetting(
  z
    .string()
    .regex(/^[A-Z0-9]{4,12}$/)
    .meta({ allowed: 'the user id of the broker, 4 to 12 capital letters and digits' }),
  'ZX1234',
  'The user whose account is traded or, by a shadow, read; both need it, and no session of another user is accepted.',
);

export const brokerUrlSchema = optionalSetting(
  z.url({ protocol: /^https?$/ }),
  'https://api.kite.trade',
  'Address of the broker, live and for a shadow; left out, Kite’s own. A stand-in can be named here.',
);

export const tickerUrlSchema = optionalSetting(
  z.url({ protocol: /^wss?$/ }),
  'wss://ws.kite.trade/',
  'Address of the broker’s feed, live and for a shadow; left out, Kite’s own.',
);

export const loginCommandSchema = optionalSetting(
  z.array(z.string().min(1)).min(1),
  ['/home/asha/login.sh'],
  'A command of your own that logs in, at your own risk: it gets the login address and prints the one the browser ended at. `ratchet login --run` runs it.',
);

export const loginUrlSchema = optionalSetting(
  z.url({ protocol: /^https?$/ }),
  'https://kite.zerodha.com/connect/login',
  'Page a person logs in on; left out, Kite’s own.',
);

export const staticAddressSchema = optionalSetting(
  z
    .string()
    .refine((text) => isIP(text) !== 0, 'must be an IPv4 or IPv6 address')
    .meta({ allowed: 'an IPv4 or IPv6 address' }),
  '203.0.113.7',
  'The address registered at the broker, which takes orders from no other; `ratchet check` compares ours with it.',
);

export const addressEchoSchema = optionalSetting(
  z.url({ protocol: /^https?$/ }),
  'https://echo.example.com/ip',
  'A page that answers with the caller’s address as text; without one, an address behind a router is not known.',
);
