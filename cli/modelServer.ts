// How commands find a model server: the one named, else that of the system running in this checkout.
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { Refused } from '../domain/errors';
import { readSecret } from '../infra/secrets';
import { readRunning } from '../infra/supervisor/runFolder';

export interface ServerFlags {
  readonly server?: string;
  readonly json?: true;
}

export interface SignedFlags extends ServerFlags {
  readonly by: string;
  readonly reason: string;
}

export interface ModelServerClient {
  readonly get: (path: string) => Promise<unknown>;
  readonly post: (path: string, body: object | Buffer) => Promise<unknown>;
}

export const withServer = (command: Command): Command =>
  command
    .option('--server <url>', 'model server; default the running one')
    .option('--json', 'print one JSON document');

export const withSignature = (command: Command): Command =>
  withServer(command)
    .requiredOption('--reason <text>', 'why; it is recorded')
    .option('--by <name>', 'who; it is recorded', userInfo().username);

const timeoutMs = 30_000;

interface Sent {
  readonly body: Uint8Array<ArrayBuffer> | string;
  readonly type: 'application/json' | 'application/octet-stream';
}

/** @throws Refused when no server is named and none is running here. */
export function modelServerOf({ server }: ServerFlags): ModelServerClient {
  const running = readRunning();
  const url = server ?? process.env['RATCHET_MODEL_SERVER'] ?? running?.modelServer;
  if (url === undefined) {
    const message =
      'no model server: name one with --server URL, or start a system with `npm start`';
    throw new Refused({ code: 'NOT_RUNNING', message });
  }
  const name = 'RATCHET_SERVING_ADMIN_TOKEN';
  const token = readSecret(name)?.reveal() ?? running?.environment[name] ?? '';
  const ask = async (path: string, sent?: Sent): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}` };
    const reply = await fetch(`${url}${path}`, {
      ...(sent === undefined
        ? { headers }
        : { method: 'POST', headers: { ...headers, 'content-type': sent.type }, body: sent.body }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : 'it does not answer';
      throw new Refused({ code: 'SERVER_UNREACHABLE', message: `model server ${url}: ${why}` });
    });
    const text = await reply.text();
    const answer: unknown = text === '' ? {} : JSON.parse(text);
    if (reply.ok) return answer;
    const { error = `it answered ${reply.status}` } = answer as { error?: string };
    throw new Refused({ code: 'SERVER_REFUSED', message: error });
  };
  return {
    get: (path) => ask(path),
    post: (path, body) =>
      ask(
        path,
        body instanceof Buffer
          ? { body: new Uint8Array(body), type: 'application/octet-stream' }
          : { body: JSON.stringify(body), type: 'application/json' },
      ),
  };
}
