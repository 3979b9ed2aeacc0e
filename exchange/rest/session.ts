// Who may trade: the app's key and secret, and the one valid access token. A new login ends the old token, as
// at Kite. Secrets are compared in constant time and never logged.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { KiteError, badToken } from '../engine/kiteError';

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

export class Session {
  readonly apiKey: string;
  readonly userId = 'PX0001';
  private readonly apiSecret: string;
  private current: string | null;
  private refreshToken: string | null = null;
  private readonly usedRequestTokens = new Set<string>();

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

  /** Exchanges a request token (any, once) for a new access token. @throws KiteError */
  login(apiKey: string, requestToken: string, checksum: string): string {
    this.requireChecksum(apiKey, requestToken, checksum);
    if (this.usedRequestTokens.has(requestToken)) {
      throw new KiteError(403, 'TokenException', 'Token is invalid or has expired.');
    }
    this.usedRequestTokens.add(requestToken);
    return this.issue();
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
    this.current = null;
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
    this.current = token;
    this.refreshToken = randomBytes(16).toString('hex');
    return token;
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
