// Starts our own programs as children, from the compiled code. A program is ready with the first line it
// prints.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compiled } from '../checkout';
import { environmentOf } from '../environment/programEnvironment';
import type { ProgramName, VariableName } from '../environment/variables';
import { bytesFrom, logFileOf } from './logs';
import { startChild, untilReady, type Child } from './childProcess';

export interface Program {
  readonly name: ProgramName;
  /** Path below the compiled code. */
  readonly script: string;
  readonly args: readonly string[];
  /** It gets of it what it reads. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a program with its log in the folder and waits for its first line. @throws Error when it does not come. */
export async function launch(
  folder: string,
  { name, script, args, env }: Program,
): Promise<{ child: Child; line: string }> {
  const logFile = logFileOf(folder, name);
  const from = existsSync(logFile) ? statSync(logFile).size : 0;
  const child = await startChild({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', join(compiled, script), ...args],
    logFile,
    // Kite's client parses times in the process's time zone. A proxy must not see loopback traffic.
    env: environmentOf(name, {
      ...withoutBrokerKeys(process.env),
      TZ: 'Asia/Kolkata',
      NO_PROXY: '127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
      ...env,
    }),
  });
  const line = await untilReady(child, logFile, () => Promise.resolve(firstLine(logFile, from)));
  return { child, line };
}

/** The broker's keys and addresses: a program has them from its caller, or from the account's session. */
export const brokerKeys: readonly VariableName[] = [
  'RATCHET_KITE_API_KEY',
  'RATCHET_KITE_API_SECRET',
  'RATCHET_KITE_ACCESS_TOKEN',
  'RATCHET_KITE_ROOT',
  'RATCHET_KITE_TICKER',
];

/** A program gets the broker's keys it needs from its caller, and none from the shell. */
const withoutBrokerKeys = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !brokerKeys.some((key) => name === key || name === `${key}_FILE`),
    ),
  );

/** The first ready line after `from`. @throws Error while the child has not printed it. */
function firstLine(logFile: string, from: number): string {
  const line = bytesFrom(logFile, from)
    .toString()
    .split('\n')
    .find((text) => text.startsWith('{') || text === 'ready');
  if (line === undefined) throw new Error('has not said that it is ready');
  return line;
}
