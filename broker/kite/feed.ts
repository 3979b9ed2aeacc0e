// Kite's feed, kept alive: a new thread after every loss, with a growing pause, and after a silence too,
// because a socket can stay open and send nothing.
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BrokerFeed, FeedListener, FeedOptions } from '../port';
import type { TickerMessage, TickerParameters } from './tickerThread';
import type { CredentialSource } from '../credentials';

const pauseMinMs = 500;
const pauseMaxMs = 10_000;
/** A feed this long without a tick is taken for dead; doubled while a new connection stays silent too. */
const silenceMinMs = 15_000;
const silenceMaxMs = 5 * 60_000;
const lookEveryMs = 1_000;
/** `.ts` where the sources run as they are, under tests. */
const suffix = extname(__filename);

export class KiteFeed implements BrokerFeed {
  readonly #credentials: CredentialSource;
  readonly #root: string | undefined;
  readonly #stopFollowing: () => void;
  readonly #listener: FeedListener;
  readonly #options: FeedOptions;
  #thread: Worker | undefined;
  #tokens: readonly number[] = [];
  #pauseMs = pauseMinMs;
  #silenceMs = silenceMinMs;
  #heardAt = Date.now();
  #stopped = false;
  #connected = false;
  readonly #watchdog: NodeJS.Timeout;

  /** @param root where Kite's feed is spoken; Kite itself when undefined. */
  constructor(
    credentials: CredentialSource,
    root: string | undefined,
    listener: FeedListener,
    options: FeedOptions,
  ) {
    this.#credentials = credentials;
    this.#root = root;
    this.#listener = listener;
    this.#options = options;
    this.#start();
    // A new session ends the connection of the old one: connect with it at once.
    this.#stopFollowing = credentials.onChange(() => {
      this.#pauseMs = pauseMinMs;
      void this.#thread?.terminate();
    });
    this.#watchdog = setInterval(() => this.#listenForSilence(), lookEveryMs);
  }

  subscribe(tokens: readonly number[]): void {
    this.#tokens = tokens;
    if (this.#connected && tokens.length > 0) this.#thread?.postMessage(tokens);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#watchdog);
    this.#stopFollowing();
    await this.#thread?.terminate();
  }

  #ticker(): TickerParameters {
    const { apiKey, accessToken } = this.#credentials.current;
    return { apiKey, accessToken: accessToken.reveal(), root: this.#root, ...this.#options };
  }

  #start(): void {
    const thread = new Worker(join(__dirname, `tickerThread${suffix}`), {
      workerData: this.#ticker(),
      execArgv:
        suffix === '.ts' ? ['--require', join(__dirname, '../../infra/sourceHook.cjs')] : [],
    });
    this.#thread = thread;
    thread.on('message', (message: TickerMessage) => this.#take(thread, message));
    // The library ends its thread when it gives up; an error ends it too.
    thread.on('error', () => undefined);
    thread.on('exit', () => this.#restart(thread));
  }

  /** A socket can stay open, answer heartbeats and bring nothing: then it is replaced. */
  #listenForSilence(): void {
    if (!this.#connected || this.#tokens.length === 0) return;
    if (Date.now() - this.#heardAt < this.#silenceMs) return;
    console.error(`no tick for ${this.#silenceMs / 1000} s: connecting anew`);
    this.#heardAt = Date.now();
    this.#silenceMs = Math.min(silenceMaxMs, this.#silenceMs * 2);
    void this.#thread?.terminate();
  }

  #take(thread: Worker, message: TickerMessage): void {
    if (thread !== this.#thread) return;
    switch (message.kind) {
      case 'connected':
        this.#connected = true;
        this.#heardAt = Date.now();
        this.#pauseMs = pauseMinMs;
        this.subscribe(this.#tokens);
        this.#listener.connected();
        return;
      case 'ticks':
        this.#heardAt = Date.now();
        this.#silenceMs = silenceMinMs;
        this.#listener.ticks(message.ticks);
        return;
      case 'orderUpdate':
        this.#listener.orderUpdate(message.update);
        return;
      case 'lost':
        void thread.terminate();
        return;
    }
  }

  #restart(thread: Worker): void {
    if (thread !== this.#thread || this.#stopped) return;
    this.#connected = false;
    this.#listener.lost();
    setTimeout(() => {
      if (!this.#stopped) this.#start();
    }, this.#pauseMs);
    this.#pauseMs = Math.min(pauseMaxMs, this.#pauseMs * 2);
  }
}
