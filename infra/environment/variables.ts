// Every environment variable the code reads, and which of our programs are given it. A secret may also be in a file
// that NAME_FILE names, readable by its owner only.

/** The programs a system consists of, and `exchange`, which runs alone. */
export type ProgramName =
  'paper exchange' | 'shadow exchange' | 'model server' | 'worker' | 'gateway' | 'exchange';

interface Variable {
  /** Who sets it: a person, `ratchet` for the processes it starts, or somebody who tests. */
  readonly setBy: 'you' | 'ratchet' | 'tests';
  /** It may come from NAME_FILE too. */
  readonly secret?: true;
  /** Programs that are given it. Commands, tests and set-up read it in their own shell. */
  readonly readBy: readonly ProgramName[];
  readonly sentence: string;
}

const everyProgram: readonly ProgramName[] = [
  'paper exchange',
  'shadow exchange',
  'model server',
  'worker',
  'gateway',
  'exchange',
];
/** Those that share one reading of their environment (workers/environment.ts). */
const workers: readonly ProgramName[] = ['worker', 'gateway'];
const configured: readonly ProgramName[] = ['shadow exchange', ...workers];

export const environmentVariables = {
  RATCHET_CONFIG: {
    setBy: 'ratchet',
    readBy: configured,
    sentence: 'The configuration file; `--config` sets it for every process of a run.',
  },
  RATCHET_HOME: {
    setBy: 'you',
    readBy: everyProgram,
    sentence: 'Folder of run state; default `.ratchet`.',
  },
  RATCHET_CACHE: {
    setBy: 'you',
    readBy: [],
    sentence: 'Folder of what set-up fetches; default `~/.cache/ratchet`.',
  },
  RATCHET_REPORTS: {
    setBy: 'ratchet',
    readBy: workers,
    sentence: 'Folder the worker writes reports into.',
  },
  RATCHET_INSTALLATION: {
    setBy: 'ratchet',
    readBy: workers,
    sentence: 'Three characters that name this installation in the tags of its orders.',
  },
  RATCHET_PAYLOAD_KEYS: {
    setBy: 'ratchet',
    readBy: configured,
    sentence:
      'File of the keys that Temporal’s payloads are encrypted with; set it where workers and commands use a cluster of yours.',
  },
  RATCHET_RECOVERED: {
    setBy: 'ratchet',
    readBy: workers,
    sentence:
      'Names a start of the system after one that ended without being stopped: the worker tells it once.',
  },
  RATCHET_STAND_IN_CLOCK: {
    setBy: 'tests',
    readBy: configured,
    sentence:
      'The market’s clock of a stand-in named by `brokerUrl`, as JSON with marketAt, hostAt and speed.',
  },
  RATCHET_WEBHOOK_SECRETS: {
    setBy: 'you',
    secret: true,
    readBy: ['worker'],
    sentence:
      'Secrets of `webhooks`, separated by spaces, in the same order; during a rotation old and new of one, with a comma between.',
  },
  RATCHET_TELEGRAM_TOKEN: {
    setBy: 'you',
    secret: true,
    readBy: ['worker'],
    sentence: 'Token of the bot that `telegram` names a chat of.',
  },
  RATCHET_X_BEARER_TOKEN: {
    setBy: 'you',
    secret: true,
    readBy: ['worker'],
    sentence: 'Bearer token of the X API; without it, feeds of kind `posts` are off.',
  },
  RATCHET_KITE_API_KEY: {
    setBy: 'you',
    secret: true,
    readBy: ['paper exchange', 'exchange', ...configured],
    sentence: 'API key of the broker, for `ratchet login`; a session carries it from then on.',
  },
  RATCHET_KITE_API_SECRET: {
    setBy: 'you',
    secret: true,
    readBy: ['exchange'],
    sentence: 'API secret of the broker, which `ratchet login` alone needs.',
  },
  RATCHET_KITE_ACCESS_TOKEN: {
    setBy: 'you',
    secret: true,
    readBy: ['paper exchange', 'exchange', ...configured],
    sentence:
      'Access token of the paper exchange, made up for a run; the broker’s own is in the session file.',
  },
  RATCHET_MODE: {
    setBy: 'ratchet',
    readBy: configured,
    sentence:
      'The mode a process was started for; it refuses to start in another than its configuration’s.',
  },
  RATCHET_KITE_ROOT: {
    setBy: 'ratchet',
    readBy: workers,
    sentence: 'Address of our own exchange, which is on this machine; live it is not set.',
  },
  RATCHET_KITE_TICKER: {
    setBy: 'ratchet',
    readBy: workers,
    sentence: 'WebSocket address of the paper exchange’s ticker.',
  },
  RATCHET_PAPER_TOKEN: {
    setBy: 'you',
    readBy: ['paper exchange', 'shadow exchange', 'exchange'],
    sentence:
      'Token of the paper exchange’s own routes; made up for a run. `exchange` alone leaves them open without it.',
  },
  RATCHET_MODEL_SERVER: {
    setBy: 'ratchet',
    readBy: workers,
    sentence: 'Address of the model server; `ratchet models` takes it too.',
  },
  RATCHET_SERVING_ADMIN_TOKEN: {
    setBy: 'you',
    secret: true,
    readBy: ['worker', 'model server'],
    sentence: 'Token for changes at the model server; made up for a run.',
  },
  RATCHET_SERVING_SCORE_TOKEN: {
    setBy: 'you',
    secret: true,
    readBy: ['worker', 'model server'],
    sentence:
      'Token for scoring and reading at the model server; made up for a run. `serve` without it is open.',
  },
  RATCHET_SERVING_OUTCOME_TOKEN: {
    setBy: 'you',
    secret: true,
    readBy: ['worker', 'model server'],
    sentence:
      'Token for scoring and for telling how it turned out, which decides A/B tests; made up for a run, for the worker.',
  },
  RATCHET_SERVING_DATABASE_URL: {
    setBy: 'you',
    readBy: ['model server'],
    sentence:
      'The model server’s account at the Postgres of `DATABASE_URL`; a model server without it has its changes for itself.',
  },
  DATABASE_URL: {
    setBy: 'you',
    readBy: workers,
    sentence:
      'A Postgres of yours, by its writer’s account or by one that does everything, on another machine over TLS unless it ends in `sslmode=disable`; without it, `ratchet` starts its own.',
  },
  RATCHET_OWNER_DATABASE_URL: {
    setBy: 'you',
    readBy: [],
    sentence: 'The owner’s account there, which changes tables; default `DATABASE_URL`.',
  },
  RATCHET_READER_DATABASE_URL: {
    setBy: 'you',
    readBy: [],
    sentence: 'The reader’s account there, for commands that only read; default `DATABASE_URL`.',
  },
  TEMPORAL_ADDRESS: {
    setBy: 'you',
    readBy: configured,
    sentence:
      'A Temporal cluster or Cloud of yours; without it, `ratchet` starts a dev server. Temporal’s other variables and profile files work as well.',
  },
  TEMPORAL_NAMESPACE: {
    setBy: 'you',
    readBy: configured,
    sentence: 'The namespace there; default `ratchet`.',
  },
  TEMPORAL_CLI: {
    setBy: 'you',
    readBy: [],
    sentence: 'A Temporal CLI, 1.1.1 or later; without it, one is found or fetched.',
  },
  RATCHET_CRASH_FILE: {
    setBy: 'tests',
    readBy: workers,
    sentence: 'Names a file that holds the point at which the worker is to die.',
  },
  RATCHET_SUGGEST_CONTINUE_AS_NEW: {
    setBy: 'tests',
    readBy: [],
    sentence: 'Events after which Temporal suggests that a history begins anew.',
  },
  RATCHET_SHARED_DATA: {
    setBy: 'tests',
    readBy: [],
    sentence: 'Folder of recorded market data; tests of it are skipped without.',
  },
  RATCHET_PYTHON: {
    setBy: 'tests',
    readBy: [],
    sentence: 'A Python 3 for the tests with Kite’s own client.',
  },
  RATCHET_TRITON_PYTHON: {
    setBy: 'tests',
    readBy: [],
    sentence: 'A Python 3 with Triton, to compare with.',
  },
  RATCHET_PROMTOOL: {
    setBy: 'tests',
    readBy: [],
    sentence: 'Prometheus’ promtool, to check alert rules.',
  },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof environmentVariables;

/** The variables that may come from a file of their own. */
export type SecretName = {
  [Name in VariableName]: (typeof environmentVariables)[Name] extends { readonly secret: true }
    ? Name
    : never;
}[VariableName];
