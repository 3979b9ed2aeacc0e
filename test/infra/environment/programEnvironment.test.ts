// Goal: each program is told the secrets it needs and no other, and of the shell's environment nothing that is not
// listed. Method: an environment with every variable there is, and some of nobody's.
import {
  environmentOf,
  machineEnvironment,
  withoutSecrets,
} from '../../../infra/environment/programEnvironment';
import { environmentVariables, type ProgramName } from '../../../infra/environment/variables';

const secrets = Object.entries(environmentVariables)
  .filter(([name, variable]) => 'secret' in variable || name.endsWith('DATABASE_URL'))
  .map(([name]) => name);
/** Temporal's own, which our code does not name. */
const temporals = { TEMPORAL_API_KEY: 'x' };
const full: Record<string, string> = {
  ...Object.fromEntries(
    Object.keys(environmentVariables).flatMap((name) => [
      [name, `is ${name}`],
      [`${name}_FILE`, `file of ${name}`],
    ]),
  ),
  ...{ PATH: '/bin', HOME: '/home/me', TZ: 'Asia/Kolkata', LC_ALL: 'C', https_proxy: 'http://p' },
  ...{ AWS_SECRET_ACCESS_KEY: 'x', SSH_AUTH_SOCK: 'x', MY_TOTP_SEED: 'x', PGPASSWORD: 'x' },
  ...temporals,
};

const needed: Readonly<Record<ProgramName, readonly string[]>> = {
  'paper exchange': ['RATCHET_KITE_API_KEY', 'RATCHET_KITE_ACCESS_TOKEN'],
  'shadow exchange': ['RATCHET_KITE_API_KEY', 'RATCHET_KITE_ACCESS_TOKEN'],
  'model server': [
    ...[
      'RATCHET_SERVING_ADMIN_TOKEN',
      'RATCHET_SERVING_OUTCOME_TOKEN',
      'RATCHET_SERVING_SCORE_TOKEN',
    ],
    'RATCHET_SERVING_DATABASE_URL',
  ],
  worker: [
    ...['RATCHET_WEBHOOK_SECRETS', 'RATCHET_TELEGRAM_TOKEN', 'RATCHET_X_BEARER_TOKEN'],
    ...['RATCHET_KITE_API_KEY', 'RATCHET_KITE_ACCESS_TOKEN'],
    ...[
      'RATCHET_SERVING_ADMIN_TOKEN',
      'RATCHET_SERVING_OUTCOME_TOKEN',
      'RATCHET_SERVING_SCORE_TOKEN',
      'DATABASE_URL',
    ],
  ],
  gateway: ['RATCHET_KITE_API_KEY', 'RATCHET_KITE_ACCESS_TOKEN', 'DATABASE_URL'],
  exchange: ['RATCHET_KITE_API_KEY', 'RATCHET_KITE_API_SECRET', 'RATCHET_KITE_ACCESS_TOKEN'],
};

test.each(Object.entries(needed))('%s has its secrets and no other', (name, own) => {
  const told = environmentOf(name as ProgramName, full);
  expect(secrets.filter((secret) => secret in told).sort()).toEqual([...own].sort());
  expect(secrets.filter((secret) => `${secret}_FILE` in told).sort()).toEqual([...own].sort());
  expect(told).toMatchObject({
    PATH: '/bin',
    HOME: '/home/me',
    LC_ALL: 'C',
    https_proxy: 'http://p',
  });
  for (const foreign of ['AWS_SECRET_ACCESS_KEY', 'SSH_AUTH_SOCK', 'MY_TOTP_SEED'])
    expect(told).not.toHaveProperty(foreign);
});

test('nothing that runs on its own is told the broker’s API secret', () => {
  const running = Object.keys(needed).filter((name) => name !== 'exchange') as ProgramName[];
  expect(running.filter((name) => 'RATCHET_KITE_API_SECRET' in environmentOf(name, full))).toEqual(
    [],
  );
});

test('Temporal’s profile goes to those who speak to Temporal, Postgres’s settings to those who speak to it', () => {
  const having = (variable: string): string[] =>
    Object.keys(needed).filter((name) => variable in environmentOf(name as ProgramName, full));
  expect(Object.keys(temporals).flatMap(having)).toEqual(['shadow exchange', 'worker', 'gateway']);
  expect(having('PGPASSWORD')).toEqual(['model server', 'worker', 'gateway']);
});

test('a program that is not ours is told of no variable of ours but whose run it belongs to', () => {
  const told = Object.keys(machineEnvironment(full));
  expect(told.filter((name) => name in environmentVariables)).toEqual(['RATCHET_HOME']);
});

test('a command of the user’s own has the user’s variables and no secret of ours', () => {
  const told = withoutSecrets(full);
  expect(told).toHaveProperty('MY_TOTP_SEED');
  expect(secrets.filter((name) => name in told || `${name}_FILE` in told)).toEqual([]);
});
