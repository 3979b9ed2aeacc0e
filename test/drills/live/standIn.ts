// The exchange in Kite's place, without its admin calls, behind a proxy of the drill's own. The proxy sees every
// request, can act before one goes on or its answer comes back, and can cut the feed. What happens is done the
// way it happens to people: a second login ends a session, a cable is pulled.
import { createHash } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import type { MarketClock } from '../../../domain/session/sessionPlan';
import { epochMs } from '../../../domain/units';
import { checkout, compiled } from '../../../infra/checkout';
import { eventually } from '../../support/ratchet';

export const user = 'PX0001';
export const keys = { apiKey: 'drillkey00000000', apiSecret: 'drillsecret0000000000000000000000' };

/** A request as the proxy sees it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly form: URLSearchParams;
  readonly at: number;
}

/** Something to be done once, when a request comes by. */
export interface Moment {
  readonly when: (request: SeenRequest) => boolean;
  /** Before the request goes on, or after it was carried out and before its answer comes back. */
  readonly place: 'before' | 'after';
  readonly act: () => Promise<void>;
}

export interface StandInOptions {
  readonly folder: string;
  readonly date: string;
  /** Market time, HH:MM. */
  readonly startAt: string;
  readonly speed: number;
  readonly seed: number;
}

const isWrite = ({ method, path }: Pick<SeenRequest, 'method' | 'path'>): boolean =>
  method !== 'GET' && /^\/(orders|gtt)\//.test(path) && !path.startsWith('/orders/margins');

export class StandIn {
  readonly rest: string;
  readonly ticker: string;
  readonly clock: MarketClock;
  /** Orders sent, changed or cancelled so far, by anybody. */
  writes = 0;
  /** When the broker last said for the first time that a session is over; null while it has not. */
  refusedAt: number | null = null;
  /** Successful answers of history: what was asked for, and when the answer was there. */
  readonly histories: {
    readonly token: number;
    readonly from: string;
    readonly to: string;
    readonly at: number;
  }[] = [];
  readonly #exchange: ChildProcess;
  readonly #journal: string;
  readonly #proxy: Server;
  readonly #feeds = new Set<Socket>();
  #moments: Moment[] = [];
  #isFeedCut = false;

  private constructor(exchange: ChildProcess, proxy: Server, journal: string, clock: MarketClock) {
    const { port } = proxy.address() as AddressInfo;
    this.rest = `http://127.0.0.1:${port}`;
    this.ticker = `ws://127.0.0.1:${port}/`;
    this.clock = clock;
    this.#exchange = exchange;
    this.#proxy = proxy;
    this.#journal = journal;
  }

  static async start(options: StandInOptions): Promise<StandIn> {
    const journal = join(options.folder, 'exchange-journal.jsonl');
    const { child, port } = await startExchange(options, journal);
    const made: { standIn?: StandIn } = {};
    const proxy = createServer((incoming, answer) => {
      void made.standIn?.pass(port, incoming, answer);
    });
    proxy.on('upgrade', (incoming: IncomingMessage, socket: Socket) =>
      made.standIn?.passFeed(port, incoming, socket),
    );
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const [session] = linesOf(journal);
    if (session === undefined) throw new Error('the exchange keeps no journal');
    const { marketAt, hostAt } = session as unknown as MarketClock;
    const clock = { marketAt: epochMs(marketAt), hostAt: epochMs(hostAt), speed: options.speed };
    made.standIn = new StandIn(child, proxy, journal, clock);
    return made.standIn;
  }

  /** Resolves when the moment has come and its act is done. */
  at(when: Moment['when'], place: Moment['place'], act: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): Promise<void> => act().then(resolve, reject);
      this.#moments.push({ when, place, act: done });
    });
  }

  /** The address a browser ends at after logging in on the stand-in's page. */
  async browserLogin(): Promise<string> {
    const page = `${this.rest}/connect/login?v=3&api_key=${keys.apiKey}&auto=1`;
    const answer = await fetch(page, { redirect: 'manual' });
    return new URL(answer.headers.get('location') ?? '', this.rest).href;
  }

  /** Somebody logs in to the app elsewhere: the session that was is over. */
  async endSession(): Promise<void> {
    this.refusedAt = null;
    // The stand-in counts a login among the account's requests, and may have had enough of them.
    await eventually(async () => ((await this.#loginElsewhere()) ? true : undefined));
  }

  /** @returns whether it was taken. */
  async #loginElsewhere(): Promise<boolean> {
    const address = new URL(await this.browserLogin());
    const requestToken = address.searchParams.get('request_token') ?? '';
    const checksum = createHash('sha256')
      .update(`${keys.apiKey}${requestToken}${keys.apiSecret}`)
      .digest('hex');
    const form = new URLSearchParams({
      api_key: keys.apiKey,
      request_token: requestToken,
      checksum,
    });
    return (await fetch(`${this.rest}/session/token`, { method: 'POST', body: form })).ok;
  }

  cutFeed(): void {
    this.#isFeedCut = true;
    for (const socket of this.#feeds) socket.destroy();
  }

  mendFeed(): void {
    this.#isFeedCut = false;
  }

  /** The exchange's own record. */
  journal(): readonly Readonly<Record<string, unknown>>[] {
    return linesOf(this.#journal);
  }

  get journalFile(): string {
    return this.#journal;
  }

  async stop(): Promise<void> {
    for (const socket of this.#feeds) socket.destroy();
    this.#proxy.closeAllConnections();
    this.#proxy.close();
    const ended = new Promise((resolve) => this.#exchange.on('close', resolve));
    this.#exchange.kill('SIGTERM');
    await ended;
  }

  async pass(port: number, incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const { method = 'GET', url = '/' } = incoming;
    const seen = { method, path: url, form: new URLSearchParams(body.toString()), at: Date.now() };
    const moment = this.#moments.find(({ when }) => when(seen));
    if (moment !== undefined) this.#moments = this.#moments.filter((one) => one !== moment);
    if (moment?.place === 'before') await moment.act();
    if (isWrite(seen)) this.writes += 1;
    const headers = { ...incoming.headers, host: `127.0.0.1:${port}` };
    const onward = forward({ host: '127.0.0.1', port, method, path: url, headers }, (reply) => {
      void (async () => {
        const text = await bodyOf(reply);
        if (moment?.place === 'after') await moment.act();
        this.#note(seen, reply.statusCode ?? 0);
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        answer.end(text);
      })();
    });
    onward.on('error', () => answer.destroy());
    onward.end(body);
  }

  passFeed(port: number, incoming: IncomingMessage, socket: Socket): void {
    if (this.#isFeedCut) {
      socket.destroy();
      return;
    }
    this.#feeds.add(socket);
    const onward = connect(port, '127.0.0.1', () => {
      const headers = incoming.rawHeaders.flatMap((name, index, all) =>
        index % 2 === 0 ? [`${name}: ${all[index + 1] ?? ''}`] : [],
      );
      onward.write(`GET ${incoming.url ?? '/'} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      onward.pipe(socket).pipe(onward);
    });
    const end = (): void => {
      this.#feeds.delete(socket);
      socket.destroy();
      onward.destroy();
    };
    for (const one of [socket, onward]) one.on('error', end).on('close', end);
  }

  #note(seen: SeenRequest, status: number): void {
    if (status === 403 && seen.path !== '/session/token') this.refusedAt ??= Date.now();
    const history = /^\/instruments\/historical\/(\d+)\/minute\?(.*)$/.exec(seen.path);
    if (history === null || status !== 200) return;
    const query = new URLSearchParams(history[2]);
    this.histories.push({
      token: Number(history[1]),
      from: query.get('from') ?? '',
      to: query.get('to') ?? '',
      at: Date.now(),
    });
  }
}

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function linesOf(file: string): Readonly<Record<string, unknown>>[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

async function startExchange(
  { date, startAt, speed, seed }: StandInOptions,
  journal: string,
): Promise<{ child: ChildProcess; port: number }> {
  const args = [
    ...['--no-admin', '--date', date, '--start-at', startAt, '--speed', String(speed)],
    ...['--seed', String(seed), '--journal', journal, '--user', user, '--no-credentials'],
  ];
  const child = spawn(process.execPath, [join(compiled, 'exchange/main.js'), ...args], {
    cwd: checkout,
    env: {
      ...process.env,
      RATCHET_KITE_API_KEY: keys.apiKey,
      RATCHET_KITE_API_SECRET: keys.apiSecret,
      RATCHET_KITE_ACCESS_TOKEN: 'nobodyhasthis0000000000000000000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const line = await eventually(() => /^\{.*\}$/m.exec(said)?.[0]);
  const { rest } = JSON.parse(line) as { rest: string };
  return { child, port: Number(new URL(rest).port) };
}
