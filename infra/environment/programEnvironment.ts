// What a child process is told: what every program needs of the machine, and of our variables those it reads. Nothing
// else of the shell's environment gets to it, so that a secret is where it is used and nowhere else.
import { environmentVariables, type ProgramName, type VariableName } from './variables';

type Environment = Readonly<Record<string, string | undefined>>;

/** Of the machine: where things are, language and time, proxies and whose certificates are trusted. */
const machine: readonly string[] = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TERM', 'TZ', 'LANG', 'LANGUAGE'],
  ...['TMPDIR', 'TMP', 'TEMP', 'SYSTEMROOT'],
  ...['XDG_STATE_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'],
  ...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'],
  ...['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'NODE_USE_ENV_PROXY', 'NODE_USE_SYSTEM_CA'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR'],
  // Says whose process it is, to whoever looks for what a run has left behind.
  'RATCHET_HOME',
];

/** Whole families of variables, by the one of ours that goes with them: Temporal's profiles, Postgres's TLS. */
const families: readonly (readonly [prefix: string, VariableName])[] = [
  ['TEMPORAL_', 'TEMPORAL_ADDRESS'],
  ['PG', 'DATABASE_URL'],
  ['PG', 'RATCHET_SERVING_DATABASE_URL'],
];

function kept(environment: Environment, isKept: (name: string) => boolean): Record<string, string> {
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && isKept(entry[0]),
  );
  return Object.fromEntries(entries);
}

const isOfMachine = (name: string): boolean => machine.includes(name) || name.startsWith('LC_');

/** For programs that are not ours: Postgres, Temporal, and what starts them. */
export const machineEnvironment = (environment: Environment): Record<string, string> =>
  kept(environment, isOfMachine);

function isRead(program: ProgramName, variable: VariableName): boolean {
  const readBy: readonly ProgramName[] = environmentVariables[variable].readBy;
  return readBy.includes(program);
}

const isVariable = (name: string): name is VariableName => name in environmentVariables;

function isTold(program: ProgramName, name: string): boolean {
  const variable = name.replace(/_FILE$/, '');
  if (isVariable(variable)) return isRead(program, variable);
  return families.some(([prefix, ours]) => name.startsWith(prefix) && isRead(program, ours));
}

/** What the program is told of an environment. */
export const environmentOf = (
  program: ProgramName,
  environment: Environment,
): Record<string, string> =>
  kept(environment, (name) => isOfMachine(name) || isTold(program, name));

/** The variables that hold a secret themselves or in an address. */
const holdsSecret = (name: string): boolean => {
  const variable = name.replace(/_FILE$/, '');
  return (
    variable.endsWith('DATABASE_URL') ||
    (isVariable(variable) && 'secret' in environmentVariables[variable])
  );
};

/** For a program of the user's own. */
export const withoutSecrets = (environment: Environment): Record<string, string> =>
  kept(environment, (name) => !holdsSecret(name));
