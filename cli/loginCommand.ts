// The command of one's own that logs in, at one's own risk: it gets the login address as its last argument and
// prints the address that the browser has ended at. It is told no secret of ours.
import { spawn } from 'node:child_process';
import { Refused } from '../domain/errors';
import { withoutSecrets } from '../infra/environment/programEnvironment';

function refuse(message: string): never {
  throw new Refused({ code: 'LOGIN_COMMAND', message });
}

/** @returns the last line the command printed. @throws Refused LOGIN_COMMAND in one sentence. */
export async function printedBy(
  command: readonly string[] | undefined,
  loginAddress: string,
  deadlineMs: number,
): Promise<string> {
  const [program, ...rest] = command ?? [];
  if (program === undefined)
    return refuse('--run needs loginCommand in the configuration; it is not set');
  const { said, ended } = await run(program, [...rest, loginAddress], deadlineMs);
  if (ended !== null) return refuse(`loginCommand "${program}" ${ended}`);
  return said.trim().split('\n').at(-1) ?? '';
}

interface Ran {
  readonly said: string;
  /** How it ended otherwise than well; null where it did well. */
  readonly ended: string | null;
}

function run(program: string, args: readonly string[], timeout: number): Promise<Ran> {
  const child = spawn(program, args, {
    env: withoutSecrets(process.env),
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout,
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ said, ended: `could not be run: ${error.message}` }));
    child.on('close', (code, signal) =>
      resolve({ said, ended: code === 0 ? null : `ended with ${signal ?? String(code)}` }),
    );
  });
}
