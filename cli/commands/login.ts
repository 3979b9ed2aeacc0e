// `ratchet login`: a person logs in at the broker's page once a day; the session it opens is kept for the
// account, and what runs takes it up by itself. Whatever goes wrong, the old session stays as it was.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createInterface } from 'node:readline/promises';
import { Command, InvalidArgumentError } from 'commander';
import { brokerLogin } from '../../broker';
import type { LoginAnswer } from '../../broker/port';
import { Refused } from '../../domain/errors';
import { sessionFile } from '../../infra/accountFolder';
import { writeSession } from '../../infra/brokerSession/sessionFile';
import { loadConfig, type RatchetConfig } from '../../infra/config/config';
import { requireSecret } from '../../infra/secrets';
import { printedBy } from '../loginCommand';
import { print } from '../text/output';

interface LoginFlags {
  readonly config?: string;
  readonly account?: string;
  readonly paste?: true;
  readonly run?: true;
  readonly port: number;
  readonly json?: true;
}

const portNumber = (text: string): number => {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError(`must be a port from 1 to 65535, was "${text}".`);
};

/** How long a login may take a person. */
const patienceMs = 10 * 60_000;

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

async function login(flags: LoginFlags): Promise<void> {
  const config = loadConfig(flags.config);
  const account = flags.account ?? config.account;
  const kiteUser = requireUser(config);
  const keys = {
    apiKey: requireSecret('RATCHET_KITE_API_KEY').reveal(),
    apiSecret: requireSecret('RATCHET_KITE_API_SECRET'),
  };
  const page = brokerLogin.address(keys.apiKey, config.loginUrl);
  tell(`log in here: ${page}`);
  const answer = await answerOf(flags, config, page);
  const { userId, accessToken } = await brokerLogin.open(keys, answer, config.brokerUrl);
  if (userId !== kiteUser)
    throw new Refused({
      code: 'LOGIN_USER',
      message: `the login is of user ${userId}, but kiteUser is ${kiteUser}; the session before it is kept`,
    });
  const file = sessionFile(account);
  writeSession(file, {
    userId,
    apiKey: keys.apiKey,
    accessToken: accessToken.reveal(),
    loggedInAt: Date.now(),
  });
  print(flags.json === true, { account, userId, file }, () => [
    `logged in as ${userId} for account ${account}; what is running goes on with it within a second`,
  ]);
}

async function answerOf(
  flags: LoginFlags,
  config: RatchetConfig,
  page: string,
): Promise<LoginAnswer> {
  if (flags.run === true)
    return brokerLogin.answer(await printedBy(config.loginCommand, page, patienceMs));
  return flags.paste === true ? pasted() : redirected(flags.port);
}

function requireUser({ kiteUser }: RatchetConfig): string {
  if (kiteUser !== undefined) return kiteUser;
  throw new Refused({
    code: 'LOGIN_USER',
    message:
      'kiteUser must name the user in the configuration (--config), so that no other login is taken; it is not set',
  });
}

/** The address that the browser ended at, copied by hand: from a phone, or over SSH. */
async function pasted(): Promise<LoginAnswer> {
  tell('then paste the address the browser has ended at, and press Enter:');
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) if (line.trim() !== '') return brokerLogin.answer(line);
  } finally {
    lines.close();
  }
  throw new Refused({ code: 'LOGIN_ANSWER', message: 'no address was pasted' });
}

/** Waits on loopback for the redirect of the login page. */
async function redirected(port: number): Promise<LoginAnswer> {
  tell(
    `waiting for the redirect to http://127.0.0.1:${port}/ (the redirect URL of your Kite app), or use --paste`,
  );
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      const answer = answerIn(request, response);
      if (answer === undefined) return;
      server.close();
      if (answer instanceof Error) reject(answer);
      else resolve(answer);
    });
    server.on('error', () =>
      reject(
        new Refused({
          code: 'LOGIN_PORT',
          message: `port ${port} of 127.0.0.1 is taken; name another with --port, or use --paste`,
        }),
      ),
    );
    server.listen(port, '127.0.0.1');
    setTimeout(() => {
      server.close();
      reject(
        new Refused({ code: 'LOGIN_LATE', message: 'nobody has logged in within 10 minutes' }),
      );
    }, patienceMs).unref();
  });
}

/** What the browser brings; undefined of what it asks for besides, an icon for instance. */
function answerIn(
  request: IncomingMessage,
  response: ServerResponse,
): LoginAnswer | Error | undefined {
  const address = request.url ?? '';
  const isRedirect = address.includes('request_token=') || address.includes('status=');
  response.writeHead(isRedirect ? 200 : 404, { 'content-type': 'text/plain', connection: 'close' });
  response.end(isRedirect ? 'You can close this page and look at the terminal.\n' : '');
  if (!isRedirect) return undefined;
  try {
    return brokerLogin.answer(address);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

export const loginCommand = new Command('login')
  .description('log in at the broker: once a day, by a person')
  .option('--config <file>', 'configuration file (JSON)')
  .option('--account <name>', 'account; default the configured one')
  .option('--paste', 'paste the address the browser ends at, instead of waiting for it')
  .option('--run', 'run the configured loginCommand, at your own risk')
  .option('--port <n>', 'port of 127.0.0.1 that the app’s redirect URL names', portNumber, 7_357)
  .option('--json', 'print one JSON document')
  .action(login);
