// Every limit of the model server with its default and its reason, in one place. Relations between limits are
// checked at start. Options replace defaults; one out of range is refused by name.
import { Fatal } from '../domain/errors';
import { isLoopback } from '../domain/web/door';
import type { ServingTokens } from './http/tokens';
import type { MakeScorer } from './scorer/scorerProcess';

export interface ServingLimits {
  /** JSON bodies. Parsing 256 KiB holds the event loop for about 2 ms. Larger tensors go in binary form. */
  readonly maxJsonBytes: number;
  /** Bodies with binary tensors. */
  readonly maxBinaryBytes: number;
  /** From the arrival of a request to its answer. */
  readonly requestTimeoutMs: number;
  /**
   * One batch inside a scorer. A scorer that takes longer is killed. Half of a request's time, so that one
   * retry fits.
   */
  readonly runTimeoutMs: number;
  readonly loadTimeoutMs: number;
  /**
   * Data segment of a scorer. At 2 GiB a memory bomb ends in an error of onnxruntime instead of exhausting
   * the host.
   */
  readonly scorerMemoryMiB: number;
  /** Scorer processes per version, unless the model's config says otherwise. */
  readonly scorers: number;
  readonly maxBatchRows: number;
  readonly maxQueueRows: number;
  /** Failures in a row that take a version out of rotation. */
  readonly maxConsecutiveFailures: number;
  /** Scorer deaths within the window after which a version is given up. */
  readonly maxCrashes: number;
  readonly crashWindowMs: number;
  readonly maxConnections: number;
  /** Then the connection is closed, so that nobody holds one for good. */
  readonly maxRequestsPerSocket: number;
  /** Wrong tokens and foreign names of one address that are answered and told; more are asked to wait. */
  readonly failedLogins: number;
  /** Time after which an address has one more. */
  readonly failedLoginEveryMs: number;
  /** Answers kept per version; 0 turns the result cache off. */
  readonly cacheEntries: number;
  /** Memory of all scorers above which versions loaded on demand are unloaded, least recently used first. */
  readonly memoryBudgetMiB: number;
  /** Everything pushed over HTTP together, on disk. */
  readonly maxPushedMiB: number;
  /** Time between two looks at the evidence of running rollouts. */
  readonly judgeEveryMs: number;
  /** Time between two looks at changes made by other servers. */
  readonly followEveryMs: number;
  /** One request in this many is kept in the request log, where there is a database. */
  readonly logOneIn: number;
  readonly logRetentionMs: number;
}

const defaultLimits: ServingLimits = {
  maxJsonBytes: 256 * 1024,
  maxBinaryBytes: 16 * 1024 * 1024,
  requestTimeoutMs: 2_000,
  runTimeoutMs: 1_000,
  loadTimeoutMs: 10_000,
  scorerMemoryMiB: 2_048,
  scorers: 1,
  maxBatchRows: 64,
  maxQueueRows: 2_048,
  maxConsecutiveFailures: 20,
  maxCrashes: 5,
  crashWindowMs: 60_000,
  maxConnections: 1_024,
  maxRequestsPerSocket: 10_000,
  failedLogins: 20,
  failedLoginEveryMs: 3_000,
  cacheEntries: 4_096,
  memoryBudgetMiB: 1_024,
  maxPushedMiB: 2_048,
  judgeEveryMs: 1_000,
  followEveryMs: 1_000,
  logOneIn: 20,
  logRetentionMs: 7 * 86_400_000,
};

export interface ModelServerOptions {
  /** The repository folder: `<name>/config.json` and `<name>/<version>/model.onnx`. */
  readonly models: string;
  /** Public keys as PEM whose signatures count beside the project's own. */
  readonly trusted?: readonly string[];
  /**
   * Where changes of versions, and pushed versions, are kept. Without it a restart serves the newest version.
   */
  readonly state?: string;
  /** Postgres for changes and the request log, so that several servers agree; instead of a file in `state`. */
  readonly databaseUrl?: string;
  /** Default 127.0.0.1. An address that others can reach needs tokens and TLS. */
  readonly host?: string;
  /** Names under which a proxy or another machine asks for it, beside its addresses. */
  readonly names?: readonly string[];
  /** Serves https instead of http: certificate and key as PEM. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Default 0: any free port. */
  readonly port?: number;
  readonly tokens?: ServingTokens;
  /** Takes a line for every caller that was turned away; standard error by default. */
  readonly say?: (line: string) => void;
  readonly limits?: Partial<ServingLimits>;
  /** False sends infer requests through Express too, to compare the two paths. */
  readonly hotPath?: boolean;
  /** Where models run, to compare places; absent, each in a child process. */
  readonly makeScorer?: MakeScorer;
}

const minTokenLength = 32;

/** The limits in force. @throws Fatal naming the first that is out of range. */
export function resolveLimits(given: Partial<ServingLimits> = {}): ServingLimits {
  const limits = { ...defaultLimits, ...given };
  for (const [name, value] of Object.entries(limits)) {
    const least = name === 'cacheEntries' ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < least) {
      throw wrong(`${name} is ${String(value)}, must be a whole number of at least ${least}`);
    }
  }
  if (limits.runTimeoutMs > limits.requestTimeoutMs) {
    throw wrong(`runTimeoutMs is ${limits.runTimeoutMs}, must not exceed requestTimeoutMs`);
  }
  if (limits.maxBatchRows > limits.maxQueueRows) {
    throw wrong(`maxBatchRows is ${limits.maxBatchRows}, must not exceed maxQueueRows`);
  }
  return limits;
}

/** @throws Fatal when a token is too short, or an address others can reach goes without tokens or TLS. */
export function checkExposure({ host = '127.0.0.1', tokens = {}, tls }: ModelServerOptions): void {
  for (const [name, token] of Object.entries<string>({ ...tokens })) {
    if (token.length < minTokenLength) {
      throw wrong(`the ${name} token must have at least ${minTokenLength} characters`);
    }
  }
  const given = Object.values(tokens);
  if (new Set(given).size < given.length) throw wrong('the tokens must differ from each other');
  if (isLoopback(host)) return;
  if (tokens.score === undefined || tokens.admin === undefined) {
    throw wrong(`host is ${host}, an address others can reach needs a score and an admin token`);
  }
  if (tls === undefined) {
    throw wrong(
      `host is ${host}, an address others can reach needs TLS: give --tls and --tls-key, or put a proxy with TLS before 127.0.0.1`,
    );
  }
}

const wrong = (sentence: string): Error =>
  new Fatal({ code: 'CONFIG_INVALID', message: `Model server: ${sentence}.` });
