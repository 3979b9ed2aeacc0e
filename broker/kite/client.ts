// The unmodified `kiteconnect` client.
import { KiteConnect, type Connect } from 'kiteconnect';
import type { CredentialSource } from '../credentials';

/** A stop without an answer is looked for after half of this again: invariant I4 allows 10 s in all. */
const answerMaxMs = 5_000;

/**
 * A client that follows its credentials. @param root where Kite's protocol is spoken; Kite itself when absent.
 */
export function kiteClient(credentials: CredentialSource, root: string | undefined): Connect {
  const { apiKey, accessToken } = credentials.current;
  const kite = new KiteConnect({
    api_key: apiKey,
    access_token: accessToken.reveal(),
    timeout: answerMaxMs,
    ...(root !== undefined && { root }),
  });
  credentials.onChange((changed) => {
    // The client has no verb for its key, and asks for it with every request.
    Object.assign(kite, { api_key: changed.apiKey });
    kite.setAccessToken(changed.accessToken.reveal());
  });
  return kite;
}
