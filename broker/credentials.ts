// The keys of an account's session at the broker, and how a new session reaches what is already running.
import { Secret } from '../domain/secret';

export interface BrokerCredentials {
  readonly apiKey: string;
  readonly accessToken: Secret;
}

/** Credentials that change while they are used: a person logs in every day. */
export interface CredentialSource {
  readonly current: BrokerCredentials;
  /** Called after every change, with the new ones. @returns what ends the calls. */
  onChange(changed: (credentials: BrokerCredentials) => void): () => void;
}

/** Credentials that stay as they are, as those of a paper exchange do. */
export const fixedCredentials = ({
  apiKey,
  accessToken: token,
}: {
  readonly apiKey: string;
  readonly accessToken: string | Secret;
}): CredentialSource => ({
  current: { apiKey, accessToken: typeof token === 'string' ? new Secret(token) : token },
  onChange: () => () => undefined,
});
