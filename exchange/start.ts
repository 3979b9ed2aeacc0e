// Starts the paper exchange: Kite Connect v3 (REST and ticker on one port of this machine) over a
// generated, recorded or scripted day. The surprising thing: the market's clock is not the host's; it can
// stand still, run 200 times as fast or be years ago.
import type { Exchange } from './engine/exchange';
import { hostNow, openSession, type OpenedSession } from './openedSession';
import type { PaperExchangeOptions } from './options';
import { farRows } from './rest/farRows';
import { trueStatement } from './rest/misstatement';
import { usualProfile } from './rest/profile';
import { usualQuirks } from './rest/quirks';
import { RateLimiter, kiteLimits } from './rest/rateLimits';
import { Session, newCredentials, type Credentials } from './rest/session';
import { serve, type RunningServer } from './server';

export interface PaperExchange {
  readonly rest: string;
  readonly ticker: string;
  readonly apiKey: string;
  readonly accessToken: string;
  /** The machine itself, for tests that look inside. */
  readonly exchange: Exchange;
  startClock(): void;
  close(): Promise<void>;
}

/**
 * Starts the exchange and listens.
 * @throws Refused in one sentence: a date without a session, a missing replay folder, a bad speed, a
 * port in use, a certificate without its key.
 * @throws BrokerFailure where a killed session needs prices that the broker does not tell.
 */
export async function startPaperExchange(options: PaperExchangeOptions): Promise<PaperExchange> {
  const { host = '127.0.0.1' } = options;
  const session = await openSession(options);
  const credentials = options.credentials ?? newCredentials();
  const server = await serveSession(session, { ...options, host, credentials }).catch(
    async (error: unknown) => {
      await session.release();
      throw error;
    },
  );
  return {
    ...addressesOf(options, host, server.port),
    apiKey: credentials.apiKey,
    accessToken: credentials.accessToken,
    exchange: session.exchange,
    startClock: server.startClock,
    close: async () => {
      await server.close();
      session.playOut();
      await session.release();
    },
  };
}

async function serveSession(
  { exchange, clock, faults }: OpenedSession,
  options: PaperExchangeOptions & { readonly host: string; readonly credentials: Credentials },
): Promise<RunningServer> {
  const { credentials, host, port = 0, paperToken, script = [], tls } = options;
  await options.beforeListening?.();
  return serve(
    {
      exchange,
      session: new Session(credentials),
      farRows: farRows(options.listingRows ?? 0, exchange.date),
      profile: { ...usualProfile, ...options.profile },
      redirectUrl: options.redirectUrl,
      clock,
      faults,
      limiter: new RateLimiter(options.limits ?? kiteLimits),
      quirks: { ...usualQuirks, ...options.quirks },
      misstatement: trueStatement(),
      allowedAddresses: options.allowedAddresses,
      hostNow,
    },
    {
      host,
      port,
      names: options.names,
      hasAdmin: options.hasAdmin ?? true,
      paperToken,
      script,
      tls,
      dateSkewMs: (options.dateSkewSeconds ?? 0) * 1_000,
    },
  );
}

function addressesOf(
  { tls }: PaperExchangeOptions,
  host: string,
  port: number,
): Pick<PaperExchange, 'rest' | 'ticker'> {
  const secure = tls === undefined ? '' : 's';
  return {
    rest: `http${secure}://${host}:${port}`,
    ticker: `ws${secure}://${host}:${port}/`,
  };
}
