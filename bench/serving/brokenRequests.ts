// Sends thousands of broken requests while health is asked throughout: how each was refused, how long health
// took at worst, and what memory did.
import { randomBytes } from 'node:crypto';
import { whileHealthIsAsked, type HealthLine } from './healthWatch';
import { usageOf, type BenchServer } from './servers';

export interface BrokenLine extends HealthLine {
  readonly requests: number;
  /** Refused with a 4xx status and a JSON body that has `error`. */
  readonly refused: number;
  readonly residentMiBBefore: number;
  readonly residentMiBAfter: number;
}

interface Broken {
  readonly path: string;
  readonly body: Buffer;
  readonly headers: Record<string, string>;
}

const callers = 16;
/** A body of 4 MiB in binary form whose last number is wrong. */
const largeRows = 512 * 1024;
const lastIsNaN = Buffer.from(new Float32Array(largeRows * 2).fill(1).fill(NaN, -1).buffer);

/** Sends `count` broken requests about a model. */
export async function runBrokenRequests(
  server: BenchServer,
  model: string,
  count: number,
): Promise<BrokenLine> {
  const url = `http://127.0.0.1:${server.port}`;
  const before = residentMiB(server);
  const state = { sent: 0, refused: 0 };
  const caller = async (): Promise<void> => {
    while (state.sent < count) {
      if (await isRefused(url, brokenRequest(model, state.sent++))) state.refused += 1;
    }
  };
  const health = await whileHealthIsAsked(server.port, async () => {
    await Promise.all(Array.from({ length: callers }, caller));
  });
  return {
    requests: state.sent,
    refused: state.refused,
    ...health,
    residentMiBBefore: before,
    residentMiBAfter: residentMiB(server),
  };
}

async function isRefused(url: string, { path, body, headers }: Broken): Promise<boolean> {
  const request = { method: 'POST', body: new Uint8Array(body), headers };
  const reply = await fetch(`${url}${path}`, request);
  const answer = (await reply.json()) as { error?: unknown };
  return reply.status >= 400 && reply.status < 500 && typeof answer.error === 'string';
}

/** One of ten kinds of broken request, by number. */
function brokenRequest(model: string, number: number): Broken {
  const path = `/v2/models/${model}/infer`;
  const tensor = { name: 'features', datatype: 'FP32', shape: [1, 2], data: [1, 1] };
  const json = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));
  const wrong = (change: object): Broken => ({
    path,
    body: json({ inputs: [{ ...tensor, ...change }] }),
    headers: {},
  });
  const kinds: readonly (() => Broken)[] = [
    () => ({ path, body: randomBytes(1 + (number % 2_000)), headers: {} }),
    () => ({ path, body: Buffer.from('['.repeat(50_000)), headers: {} }),
    () => ({ path, body: Buffer.alloc(300_000, 0x20), headers: {} }),
    () => wrong({ shape: [1_000_000_000, 2] }),
    () => wrong({ data: [1e39, 1] }),
    () => wrong({ data: [1, 'x'] }),
    () => wrong({ name: '__proto__' }),
    () => ({
      path,
      body: json({ inputs: [tensor] }),
      headers: { 'inference-header-content-length': '99999999' },
    }),
    () => {
      const shape = [largeRows, 2];
      const large = {
        ...tensor,
        shape,
        data: undefined,
        parameters: { binary_data_size: largeRows * 8 },
      };
      const header = json({ inputs: [large] });
      const body = Buffer.concat([header, lastIsNaN]);
      return { path, body, headers: { 'inference-header-content-length': String(header.length) } };
    },
    () => ({ path: `/v2/models/${'x'.repeat(300)}/infer`, body: json({}), headers: {} }),
  ];
  return kinds[number % kinds.length]?.() ?? wrong({});
}

const residentMiB = ({ pid }: BenchServer): number =>
  Math.round(usageOf(pid).residentBytes / 2 ** 20);
