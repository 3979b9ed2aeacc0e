// A closed-loop load generator on raw sockets. The server shares the machine with it, so it parses only
// status and length of an answer. Each connection sends its next request when the last is answered. Every
// latency is kept.
import { connect, type Socket } from 'node:net';

export interface LoadResult {
  readonly requests: number;
  readonly errors: number;
  readonly seconds: number;
  /** Sorted, in milliseconds. */
  readonly latenciesMs: readonly number[];
}

export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly durationMs: number;
  /** Whole HTTP requests; taken in turn. */
  readonly requests: readonly Buffer[];
  /** The first request taken, 0 when absent. */
  readonly from?: number;
}

/** The bytes of one POST. */
export const postBytes = (path: string, body: string): Buffer =>
  Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );

/** Sends for the duration; answers that are not 200 count as errors. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = [];
  let errors = 0;
  let next = options.from ?? 0;
  const startedAt = performance.now();
  const endsAt = startedAt + options.durationMs;
  const oneConnection = async (): Promise<void> => {
    const connection = new Connection(options.port);
    while (performance.now() < endsAt) {
      const request = options.requests[next++ % options.requests.length];
      if (request === undefined) break;
      const sentAt = performance.now();
      const status = await connection.exchange(request);
      latencies.push(performance.now() - sentAt);
      if (status !== 200) errors += 1;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: options.connections }, oneConnection));
  const seconds = (performance.now() - startedAt) / 1_000;
  latencies.sort((left, right) => left - right);
  return { requests: latencies.length, errors, seconds, latenciesMs: latencies };
}

export interface OpenLoadOptions extends Omit<LoadOptions, 'connections'> {
  readonly ratePerSecond: number;
  readonly connections: number;
}

/** Sends at a fixed rate whatever the answers do; latency counts from the scheduled instant. */
export async function runOpenLoad(options: OpenLoadOptions): Promise<LoadResult> {
  const { port, connections, requests, durationMs, ratePerSecond, from = 0 } = options;
  const idle = Array.from({ length: connections }, () => new Connection(port));
  await Promise.all(idle.map((connection) => connection.open()));
  const all = [...idle];
  const waiting: (() => void)[] = [];
  const latencies: number[] = [];
  const pending: Promise<void>[] = [];
  let errors = 0;
  const startedAt = performance.now();
  const send = async (request: Buffer, scheduledAt: number): Promise<void> => {
    while (idle.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    // In turn, so that no connection idles long enough for a server to close it.
    const connection = idle.shift();
    if (connection === undefined) return;
    if ((await connection.exchange(request)) !== 200) errors += 1;
    latencies.push(performance.now() - scheduledAt);
    idle.push(connection);
    waiting.shift()?.();
  };
  const total = Math.floor((durationMs / 1_000) * ratePerSecond);
  for (let index = 0; index < total;) {
    // The first is due at once.
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * ratePerSecond) + 1;
    for (; index < Math.min(due, total); index += 1) {
      const request = requests[(from + index) % requests.length];
      if (request) pending.push(send(request, startedAt + (index * 1_000) / ratePerSecond));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(pending);
  for (const connection of all) connection.close();
  const seconds = (performance.now() - startedAt) / 1_000;
  latencies.sort((left, right) => left - right);
  return { requests: total, errors, seconds, latenciesMs: latencies };
}

/** The value below which `share` of a sorted list lies. */
export const quantileOf = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? NaN;

const headEnd = Buffer.from('\r\n\r\n');
const lengthName = 'content-length: ';
const lastAnswer = 'Connection: close';
const nothing: Buffer = Buffer.alloc(0);

/** A connection that is opened anew when its server has ended it, as servers do after so many requests. */
class Connection {
  readonly #port: number;
  #socket: Socket | undefined;
  #answer = nothing;
  #resolve: ((status: number) => void) | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  async open(): Promise<Socket> {
    const socket = await open(this.#port);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    for (const end of ['close', 'error']) {
      socket.on(end, () => {
        if (this.#socket === socket) this.#settle(0);
      });
    }
    this.#socket = socket;
    return socket;
  }

  /** The status of the answer; 0 when the connection broke. */
  async exchange(request: Buffer): Promise<number> {
    const socket = this.#isOpen ? this.#socket : await this.open().catch(() => undefined);
    if (socket === undefined) return 0;
    return new Promise((resolve) => {
      this.#resolve = resolve;
      socket.write(request);
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  get #isOpen(): boolean {
    return this.#socket?.destroyed === false;
  }

  #settle(status: number): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.(status);
  }

  #receive(chunk: Buffer): void {
    this.#answer = this.#answer.length === 0 ? chunk : Buffer.concat([this.#answer, chunk]);
    const end = this.#answer.indexOf(headEnd);
    if (end < 0 || this.#answer.length < end + 4 + bodyLength(this.#answer, end)) return;
    const status = Number(this.#answer.toString('latin1', 9, 12));
    if (this.#answer.subarray(0, end).includes(lastAnswer)) this.close();
    this.#answer = nothing;
    this.#settle(status);
  }
}

function bodyLength(answer: Buffer, end: number): number {
  const head = answer.toString('latin1', 0, end).toLowerCase();
  const at = head.indexOf(lengthName);
  return at < 0 ? 0 : Number.parseInt(head.slice(at + lengthName.length), 10);
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}
