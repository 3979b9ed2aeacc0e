// The unmodified `kiteconnect` client.
import { KiteConnect, type Connect } from 'kiteconnect';

export interface KiteCredentials {
  readonly apiKey: string;
  readonly accessToken: string;
}

/** A stop without an answer is looked for after half of this again: invariant I4 allows 10 s in all. */
const answerMaxMs = 5_000;

/** @param root where Kite's protocol is spoken; Kite itself when absent. */
export const kiteClient = (
  { apiKey, accessToken }: KiteCredentials,
  root: string | undefined,
): Connect =>
  new KiteConnect({
    api_key: apiKey,
    access_token: accessToken,
    timeout: answerMaxMs,
    ...(root !== undefined && { root }),
  });
