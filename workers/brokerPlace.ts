// Which broker a process speaks to, by the mode it was started for. The mode is said twice, by the configuration
// and by whoever started the process: where the two differ, or one is missing, nothing starts.
import {
  brokerLogin,
  fixedCredentials,
  type BrokerAddress,
  type CredentialSource,
} from '../broker';
import { Fatal } from '../domain/errors';
import { sessionFile } from '../infra/accountFolder';
import { followedSession, isNobody } from '../infra/brokerSession/sessionFile';
import type { RatchetConfig } from '../infra/config/config';
import type { VariableName } from '../infra/environment/variables';

export type Mode = RatchetConfig['mode'];

export interface BrokerPlace {
  readonly mode: Mode;
  readonly address: BrokerAddress;
  readonly credentials: CredentialSource;
  /** Where a person logs in. */
  readonly loginAddress: () => string;
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

/** @throws Fatal MODE in one sentence: a mode that is missing or another, or what belongs to the other mode. */
export function brokerPlace(config: RatchetConfig, environment: Environment): BrokerPlace {
  const mode = variable(environment, 'RATCHET_MODE');
  if (mode !== config.mode)
    return refuse(`RATCHET_MODE is "${mode}", but the configuration's mode is "${config.mode}"`);
  return config.mode === 'live' ? livePlace(config, environment) : paperPlace(config, environment);
}

function paperPlace({ loginUrl }: RatchetConfig, environment: Environment): BrokerPlace {
  const apiKey = variable(environment, 'RATCHET_KITE_API_KEY');
  return {
    mode: 'paper',
    address: {
      rest: variable(environment, 'RATCHET_KITE_ROOT'),
      feed: variable(environment, 'RATCHET_KITE_TICKER'),
    },
    credentials: fixedCredentials({
      apiKey,
      accessToken: variable(environment, 'RATCHET_KITE_ACCESS_TOKEN'),
    }),
    loginAddress: () => brokerLogin.address(apiKey, loginUrl),
  };
}

function livePlace(config: RatchetConfig, environment: Environment): BrokerPlace {
  const { account, kiteUser, brokerUrl, tickerUrl, loginUrl } = config;
  if (environment['RATCHET_KITE_ROOT'] !== undefined)
    return refuse(
      'RATCHET_KITE_ROOT is the paper exchange’s address and must not be set in live mode',
    );
  const credentials = followedSession(sessionFile(account), ({ userId }) => {
    if (userId !== kiteUser)
      refuse(
        `the stored session is of user ${userId}, but kiteUser is ${kiteUser ?? 'not set'}; run \`ratchet login\``,
      );
  });
  return {
    mode: 'live',
    address: { rest: brokerUrl, feed: tickerUrl },
    credentials,
    loginAddress: () =>
      isNobody(credentials.current)
        ? 'run `ratchet login`'
        : brokerLogin.address(credentials.current.apiKey, loginUrl),
  };
}
