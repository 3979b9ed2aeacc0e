// Which broker a process speaks to, by the mode it was started for. The mode is said twice, by the configuration
// and by whoever started the process: where the two differ, or one is missing, nothing starts.
import {
  brokerLogin,
  fixedCredentials,
  type BrokerAddress,
  type CredentialSource,
} from '../broker';
import { Fatal } from '../domain/errors';
import type { Mode } from '../domain/live/mode';
import { sessionFile } from '../infra/accountFolder';
import { followedSession, isNobody } from '../infra/brokerSession/sessionFile';
import type { RatchetConfig } from '../infra/config/config';
import { keptSecret } from '../infra/secrets';
import type { VariableName } from '../infra/environment/variables';

export type { Mode } from '../domain/live/mode';

/** An account's session at the broker. */
export interface AccountPlace {
  readonly address: BrokerAddress;
  readonly credentials: CredentialSource;
  /** Where a person logs in. */
  readonly loginAddress: () => string;
}

export interface BrokerPlace extends AccountPlace {
  readonly mode: Mode;
}

/** The environment of a process, or what was recorded of it. */
export type Environment = Readonly<Record<string, string | undefined>>;

const refuse = (message: string): never => {
  throw new Fatal({ code: 'MODE', message });
};

function variable(environment: Environment, name: VariableName): string {
  const value = environment[name];
  if (value === undefined || value === '') return refuse(`set ${name}`);
  return value;
}

function agreedMode(config: RatchetConfig, environment: Environment): Mode {
  const mode = variable(environment, 'RATCHET_MODE');
  if (mode === config.mode) return config.mode;
  return refuse(`RATCHET_MODE is "${mode}", but the configuration's mode is "${config.mode}"`);
}

/**
 * Where orders go: live to the account at the broker, else to an exchange of our own.
 * @throws Fatal MODE in one sentence: a mode that is missing or another, or what belongs to another mode.
 */
export function brokerPlace(config: RatchetConfig, environment: Environment): BrokerPlace {
  const mode = agreedMode(config, environment);
  if (mode !== 'live') return { mode, ...ownExchange(config, environment) };
  if (environment['RATCHET_KITE_ROOT'] !== undefined)
    return refuse(
      'RATCHET_KITE_ROOT is the paper exchange’s address and must not be set in live mode',
    );
  return { mode, ...accountPlace(config) };
}

/**
 * Where the exchange of a shadow reads its prices. It alone holds the account's session.
 * @throws Fatal MODE in any other mode.
 */
export function pricesPlace(config: RatchetConfig, environment: Environment): AccountPlace {
  const mode = agreedMode(config, environment);
  if (mode === 'shadow') return accountPlace(config);
  return refuse(`the exchange of a shadow is started in shadow mode only, not in ${mode} mode`);
}

function ownExchange(
  { brokerUrl, loginUrl }: RatchetConfig,
  environment: Environment,
): AccountPlace {
  const rest = variable(environment, 'RATCHET_KITE_ROOT');
  const apiKey = variable(environment, 'RATCHET_KITE_API_KEY');
  requireOurs(rest, brokerUrl);
  return {
    address: { rest, feed: variable(environment, 'RATCHET_KITE_TICKER') },
    credentials: fixedCredentials({
      apiKey,
      accessToken: keptSecret(variable(environment, 'RATCHET_KITE_ACCESS_TOKEN')),
    }),
    loginAddress: () => brokerLogin.address(apiKey, loginUrl),
  };
}

const thisMachine: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** An exchange of ours listens on this machine only: at any other address an order might be a real one. */
function requireOurs(rest: string, brokerUrl: string | undefined): void {
  const { hostname, origin } = URL.canParse(rest) ? new URL(rest) : { hostname: '', origin: '' };
  if (!thisMachine.includes(hostname))
    refuse(
      `RATCHET_KITE_ROOT must be an exchange on this machine unless mode is "live", was "${rest}"`,
    );
  if (brokerUrl !== undefined && new URL(brokerUrl).origin === origin)
    refuse(`RATCHET_KITE_ROOT must not be brokerUrl unless mode is "live", was "${rest}"`);
}

function accountPlace(config: RatchetConfig): AccountPlace {
  const { account, kiteUser, brokerUrl, tickerUrl, loginUrl } = config;
  const credentials = followedSession(sessionFile(account), ({ userId }) => {
    if (userId !== kiteUser)
      refuse(
        `the stored session is of user ${userId}, but kiteUser is ${kiteUser ?? 'not set'}; run \`ratchet login\``,
      );
  });
  return {
    address: { rest: brokerUrl, feed: tickerUrl },
    credentials,
    loginAddress: () =>
      isNobody(credentials.current)
        ? 'run `ratchet login`'
        : brokerLogin.address(credentials.current.apiKey, loginUrl),
  };
}
