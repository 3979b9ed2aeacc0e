// The account that `ratchet check` asks about, with or without a running system: its configuration, the session
// that a login has stored, and the database where one is up.
import {
  brokerLogin,
  fixedCredentials,
  openBroker,
  type BrokerAddress,
  type BrokerCredentials,
} from '../broker';
import type { Broker } from '../broker/port';
import type { InstallationId } from '../domain/position';
import type { MarketClock } from '../domain/session/sessionPlan';
import { accountFolder, sessionFile, stateHome } from '../infra/accountFolder';
import { isNobody, nobody, readSession } from '../infra/brokerSession/sessionFile';
import { keptSecret } from '../infra/secrets';
import { keptInstallation } from '../infra/installation';
import { ratchetHome } from '../infra/checkout';
import { namedDatabase } from '../infra/postgres/databases';
import { loadConfig, type RatchetConfig } from '../infra/config/config';
import { livingSystem, requireRunning, type RunningSystem } from '../infra/supervisor/runFolder';
import { brokerPlace, type BrokerPlace } from '../workers/brokerPlace';
import { marketClockOf } from '../workers/marketClock';

export interface CheckedAccount {
  readonly config: RatchetConfig;
  readonly broker: Broker;
  readonly loginAddress: () => string | null;
  readonly marketClock: () => Promise<MarketClock>;
  /** Where its state lies. */
  readonly folder: string;
  readonly installation: InstallationId | undefined;
  /** undefined while the system is not up. */
  readonly databaseUrl: string | undefined;
}

export interface AccountChoice {
  readonly config?: string;
  readonly account?: string;
}

/** @throws Refused NOT_RUNNING on paper, where the exchange is a part of the running system. */
export function checkedAccount(choice: AccountChoice): CheckedAccount {
  const here = livingSystem();
  const read = loadConfig(choice.config ?? here?.environment['RATCHET_CONFIG']);
  const config = { ...read, account: choice.account ?? read.account };
  const running = here?.account === config.account && here.mode === config.mode ? here : undefined;
  const databaseUrl = namedDatabase('writer', { ...process.env, ...running?.environment });
  return config.mode === 'paper'
    ? { ...paperAccount(config, running ?? requireRunning()), databaseUrl }
    : { ...brokersAccount(config), databaseUrl };
}

type Opened = Omit<CheckedAccount, 'databaseUrl'>;

function paperAccount(config: RatchetConfig, { environment }: RunningSystem): Opened {
  const place = brokerPlace(config, environment);
  const broker = openBroker(place.credentials, place.address);
  return opened(config, place, broker, { folder: ratchetHome, home: ratchetHome });
}

/** A session that is missing, of another user, or in a file that must not be read is a line of the check, not its end. */
function brokersAccount(config: RatchetConfig): Opened {
  const { account, brokerUrl, tickerUrl, loginUrl } = config;
  const { credentials, unusable } = storedCredentials(account);
  const address: BrokerAddress = { rest: brokerUrl, feed: tickerUrl };
  const broker = openBroker(fixedCredentials(credentials), address);
  const place: BrokerPlace = {
    mode: 'live',
    address,
    credentials: fixedCredentials(credentials),
    loginAddress: () => brokerLogin.address(credentials.apiKey, loginUrl),
  };
  const watched =
    unusable === undefined ? broker : { ...broker, profile: () => Promise.reject(unusable) };
  return opened(config, place, watched, { folder: accountFolder(account), home: stateHome() });
}

interface StoredCredentials {
  readonly credentials: BrokerCredentials;
  /** Why there is no session to ask with. */
  readonly unusable?: Error;
}

function storedCredentials(account: string): StoredCredentials {
  try {
    const session = readSession(sessionFile(account));
    if (session !== undefined)
      return { credentials: { ...session, accessToken: keptSecret(session.accessToken) } };
    return {
      credentials: nobody,
      unusable: new Error(`nobody has logged in for account ${account}`),
    };
  } catch (error) {
    return {
      credentials: nobody,
      unusable: error instanceof Error ? error : new Error(String(error)),
    };
  }
}

/** @param kept where the account's state lies, and the installation's. */
const opened = (
  config: RatchetConfig,
  place: BrokerPlace,
  broker: Broker,
  kept: { readonly folder: string; readonly home: string },
): Opened => ({
  config,
  broker,
  folder: kept.folder,
  installation: keptInstallation(kept.home),
  loginAddress: () => (isNobody(place.credentials.current) ? null : place.loginAddress()),
  marketClock: marketClockOf({ broker: place, config }),
});
