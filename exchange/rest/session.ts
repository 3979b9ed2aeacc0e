// Who may trade: the app's key and secret, and the one valid access token. A new login ends the session before
// it, as at Kite. Secrets are compared in constant time and never logged. Source: docs/kite.md, Login.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { EpochMs } from '../../domain/units';
import { KiteError, badToken, inputError } from '../engine/kiteError';

export interface Credentials {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly accessToken: string;
}

/** New credentials of the shapes Kite uses: 16 and 32 letters and digits. */
export function newCredentials(): Credentials {
  const text = (bytes: number): string => randomBytes(bytes).toString('hex');
  return { apiKey: text(8), apiSecret: text(16), accessToken: text(16) };
}

/** How long a request token may be exchanged, host ms. */
const requestTokenMs = 300_000;

export class Session {
  readonly apiKey: string;
  /** Called when a session that was valid is over, whatever ended it. */
  endListener: () => void = () => undefined;
  private readonly apiSecret: string;
  private current: string | null;
  private refreshToken: string | null = null;
  /** Request tokens nobody has exchanged yet, and when each ends, host time. */
  private readonly requestTokens = new Map<string, number>();

  constructor({ apiKey, apiSecret, accessToken }: Credentials) {
    this.apiKey = apiKey;
    this.apiSecret = apiSecret;
    this.current = accessToken;
  }

  /** The valid token; null after a logout or expiry. */
  get accessToken(): string | null {
    return this.current;
  }

  /** @throws KiteError 403 unless the header is `token key:token` with valid values. */
  requireHeader(authorization: string): void {
    const match = /^token ([^:]+):(.+)$/.exec(authorization);
    if (match === null || !this.isValid(match[1] ?? '', match[2] ?? '')) throw badToken();
  }

  isValid(apiKey: string, accessToken: string): boolean {
    return (
      this.current !== null && isSame(apiKey, this.apiKey) && isSame(accessToken, this.current)
    );
  }

  /** @throws KiteError unless the key is this app's. */
  requireApp(apiKey: string): void {
    if (!isSame(apiKey, this.apiKey)) throw inputError('Invalid `api_key`.');
  }

  /** A request token for the app, as the login page gives it. @throws KiteError for another app. */
  grant(apiKey: string, hostNow: EpochMs): string {
    this.requireApp(apiKey);
    const token = randomBytes(16).toString('hex');
    this.requestTokens.set(token, hostNow + requestTokenMs);
    return token;
  }

  /**
   * Exchanges a request token for a new access token, once and in time.
   * @throws KiteError for a wrong checksum, and for a token that is used, too old or not from here.
   */
  login(apiKey: string, requestToken: string, checksum: string, hostNow: EpochMs): string {
    this.requireChecksum(apiKey, requestToken, checksum);
    const endsAt = this.requestTokens.get(requestToken) ?? -Infinity;
    this.requestTokens.delete(requestToken);
    if (hostNow >= endsAt) {
      throw new KiteError(403, 'TokenException', 'Token is invalid or has expired.');
    }
    return this.issue();
  }

  /** The user logs in to the app from another place: our session ends, and the new token is not ours. */
  loginElsewhere(): void {
    this.issue();
  }

  /** Exchanges the refresh token of the last login. @throws KiteError */
  renew(apiKey: string, refreshToken: string, checksum: string): string {
    this.requireChecksum(apiKey, refreshToken, checksum);
    if (this.refreshToken === null || !isSame(refreshToken, this.refreshToken)) {
      throw new KiteError(403, 'TokenException', 'Invalid `refresh_token`.');
    }
    return this.issue();
  }

  /** Ends the access token. */
  expire(): void {
    this.replace(null);
  }

  /** Ends the refresh token: a renewal then needs a new login. */
  endRefreshToken(): void {
    this.refreshToken = null;
  }

  get lastRefreshToken(): string {
    return this.refreshToken ?? '';
  }

  private issue(): string {
    const token = randomBytes(16).toString('hex');
    this.replace(token);
    this.refreshToken = randomBytes(16).toString('hex');
    return token;
  }

  private replace(token: string | null): void {
    const wasValid = this.current !== null;
    this.current = token;
    if (wasValid) this.endListener();
  }

  private requireChecksum(apiKey: string, token: string, checksum: string): void {
    const expected = createHash('sha256')
      .update(`${apiKey}${token}${this.apiSecret}`)
      .digest('hex');
    if (isSame(apiKey, this.apiKey) && isSame(checksum, expected)) return;
    throw new KiteError(403, 'TokenException', 'Invalid `checksum`.');
  }
}

/** Are the texts equal? The time taken does not depend on where they differ. */
export function isSame(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
