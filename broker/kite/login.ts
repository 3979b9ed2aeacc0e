// A person's login at Kite: the page it happens on, and what its answer is exchanged for.
import { z } from 'zod';
import { Secret } from '../../domain/secret';
import { BrokerFailure } from '../failure';
import { fixedCredentials } from '../credentials';
import type { LoginAnswer, LoginKeys, OpenedSession } from '../port';
import { kiteClient } from './client';
import { readFailure } from './outcome';
import { readWhole } from './rows/sifted';

const kitePage = 'https://kite.zerodha.com/connect/login';

/** @param page where the login page is; Kite's own when undefined. */
export function loginAddress(apiKey: string, page: string = kitePage): string {
  const address = new URL(page);
  address.searchParams.set('v', '3');
  address.searchParams.set('api_key', apiKey);
  return address.href;
}

/** @throws BrokerFailure `refused` when the address is no answer of a login that succeeded. */
export function loginAnswer(address: string): LoginAnswer {
  const parameters = addressParameters(address);
  const requestToken = parameters.get('request_token') ?? '';
  if (/^[A-Za-z0-9]{6,64}$/.test(requestToken)) return { requestToken };
  const status = parameters.get('status');
  throw new BrokerFailure(
    'refused',
    status !== null && status !== 'success'
      ? `the login ended as "${status}"; log in again`
      : 'the address must hold request_token=…, as the one the login page leads to does',
  );
}

/** The parameters of a whole address, or of what was copied of one; a bare token counts as one. */
function addressParameters(address: string): URLSearchParams {
  const text = address.trim();
  if (/^[A-Za-z0-9]{6,64}$/.test(text)) return new URLSearchParams({ request_token: text });
  return new URLSearchParams(text.slice(text.indexOf('?') + 1));
}

const opened = z.object({ user_id: z.string().min(1), access_token: z.string().min(1) });

/** @throws BrokerFailure with Kite's words: a request token counts once, for some minutes, for its own app. */
export async function openKiteSession(
  { apiKey, apiSecret }: LoginKeys,
  { requestToken }: LoginAnswer,
  root: string | undefined,
): Promise<OpenedSession> {
  const kite = kiteClient(fixedCredentials({ apiKey, accessToken: '' }), root);
  const answer: unknown = await kite
    .generateSession(requestToken, apiSecret.reveal())
    .catch((error: unknown) => {
      throw readFailure('the session', error);
    });
  const { user_id: userId, access_token: accessToken } = readWhole('the session', opened, answer);
  return { userId, accessToken: new Secret(accessToken) };
}
