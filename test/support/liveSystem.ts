// A whole system brought up for a test on scripted stocks, with what tests need to control it: start
// positions as the day would, set prices, arm faults, kill processes.
import type { Client } from '@temporalio/client';
import { connectClient } from '../../infra/temporal/connect';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';
import { recordApproval } from '../../activities/ledger/approvals';
import { brokerCapabilities, fixedCredentials, openBrokerReader } from '../../broker';
import {
  BooksReader,
  createReconcileActivities,
  type Adoptable,
  type Reconciliation,
} from '../../activities/broker';
import {
  adoptedState,
  type PositionState,
  type PositionTerms,
  type PositionView,
} from '../../domain/position';
import type { TrailingPolicy } from '../../domain/trailing';
import {
  epochMs,
  paise,
  shares,
  type Direction,
  type Paise,
  type Product,
} from '../../domain/units';
import type { JournalKind, JournalLine } from '../../exchange/engine/journal';
import { attributes } from '../../workflows/show';
import {
  eventually,
  killEverythingOf,
  processesOf,
  startRatchet,
  type StartedCommand,
} from './ratchet';
import { rupeeForRupee } from './rupeeForRupee';

export interface ScriptedStock {
  readonly tradingsymbol: string;
  /** Rupees. */
  readonly price: number;
  /** Shares held from earlier sessions. */
  readonly held?: number;
}

export interface OrderRow {
  readonly order_id: string;
  readonly tag: string | null;
  readonly transaction_type: string;
  readonly order_type: string;
  readonly status: string;
  readonly trigger_price: number;
}

export interface TriggerRow {
  readonly status: string;
  readonly condition: { readonly tradingsymbol: string; readonly trigger_values: number[] };
}

interface Running {
  readonly account: string;
  readonly exchange: string;
  readonly date: string;
  readonly folder: string;
  readonly temporalUi: string;
  readonly processes: Readonly<Record<string, number>>;
  readonly environment: Readonly<Record<string, string>>;
}

/** The terms of a position, beside those that all test positions share. */
export interface PositionWish {
  readonly intentId: string;
  readonly tradingsymbol: string;
  readonly direction: Direction;
  /** Default MIS; a CNC one is carried when its life ends. */
  readonly product?: Product;
  readonly quantity?: number;
  /** Rupees, about. */
  readonly price?: number;
  readonly policy?: TrailingPolicy;
  /** Time until it squares itself off; the session ends a little later. Default an hour. */
  readonly lifeMs?: number;
  /** How far through the price the entry may fill, paise. Default 2. */
  readonly slippage?: number;
}

export interface StartedPosition {
  readonly workflowId: string;
  readonly view: () => Promise<PositionView>;
  readonly closed: () => Promise<unknown>;
}

const startMs = 5 * 60_000;
const hourMs = 3_600_000;
const afterSquareOffMs = 20_000;

export class LiveSystem {
  readonly #command: StartedCommand;
  readonly #ticks = new Map<string, Paise>();
  readonly #tokens = new Map<string, number>();
  readonly client: Client;
  readonly pool: Pool;
  readonly account: string;
  readonly exchange: string;
  readonly folder: string;
  readonly home: string;

  private constructor(home: string, command: StartedCommand, running: Running, client: Client) {
    this.home = home;
    this.account = running.account;
    this.#command = command;
    this.client = client;
    this.exchange = running.exchange;
    this.folder = running.folder;
    this.pool = new Pool({ connectionString: running.environment['DATABASE_URL'], max: 2 });
    // Chaos restarts the database; the next query connects anew.
    this.pool.on('error', () => undefined);
  }

  /**
   * Brings the system up and has the gateway watch the stocks.
   * @param config known to the processes of the system, and not to the commands
   */
  static async start(
    home: string,
    stocks: readonly ScriptedStock[],
    env: Record<string, string> = {},
    config: object = {},
  ): Promise<LiveSystem> {
    const scripted = stocks.map(({ tradingsymbol, price }) => ({ tradingsymbol, price }));
    const holdings = stocks.flatMap(({ tradingsymbol, price, held }) =>
      held === undefined ? [] : [{ tradingsymbol, quantity: held, averagePrice: price }],
    );
    const args = ['--scripted', JSON.stringify(scripted), '--holdings', JSON.stringify(holdings)];
    const file = join(home, 'config.json');
    // Test positions are delivery too, and some are bought far through the price.
    const wide = { longProduct: 'CNC', risk: { priceCollarBps: 1_000 } };
    writeFileSync(file, JSON.stringify({ ...wide, ...config }));
    const system = await LiveSystem.up(home, args, { ...env, RATCHET_CONFIG: file });
    await system.watchAll();
    return system;
  }

  /** Brings the system up with these arguments; nothing is watched yet. */
  static async up(
    home: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<LiveSystem> {
    const command = startRatchet(['up', ...args], home, env);
    const failed = command.ended.then(({ code, stderr }) => {
      if (code !== 0) throw new Error(`ratchet up has ended: ${stderr.slice(-2000)}`);
    });
    await Promise.race([
      eventually(() => (command.stdout().includes('{') ? true : undefined), startMs),
      failed,
    ]);
    failed.catch((error: unknown) => console.error(error));
    const running = readRunning(home);
    const client = await connectClient(running.environment);
    return new LiveSystem(home, command, running, client);
  }

  /** Has the gateway watch everything that is listed. */
  async watchAll(): Promise<void> {
    const instruments = await (await this.kite('/instruments/NSE')).text();
    for (const line of instruments.trim().split(/\r?\n/).slice(1)) {
      const [token, , tradingsymbol = '', , , , , tick] = line.split(',');
      this.#ticks.set(tradingsymbol, paise(Math.round(Number(tick) * 100)));
      this.#tokens.set(tradingsymbol, Number(token));
      await this.pool.query(
        'insert into watch (account, instrument_token, tradingsymbol) values ($1, $2, $3) on conflict do nothing',
        [this.account, Number(token), tradingsymbol],
      );
    }
    await this.pool.query(`select pg_notify('watch', $1)`, [this.account]);
  }

  get environment(): Readonly<Record<string, string>> {
    return readRunning(this.home).environment;
  }

  /** Id of a process of the system, by its name. */
  process(name: string): number {
    return readRunning(this.home).processes[name] ?? 0;
  }

  get temporalUi(): string {
    return readRunning(this.home).temporalUi;
  }

  /** Kills a process of the system by its name; the supervisor starts it again. */
  kill(name: string): void {
    const pid = readRunning(this.home).processes[name];
    if (pid === undefined) throw new Error(`no process is called ${name}`);
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Already down and not yet started again.
    }
  }

  /** A Kite request with the account's token. */
  kite(path: string): Promise<Response> {
    const keys = this.environment;
    return fetch(`${this.exchange}${path}`, {
      headers: {
        authorization: `token ${keys['RATCHET_KITE_API_KEY'] ?? ''}:${keys['RATCHET_KITE_ACCESS_TOKEN'] ?? ''}`,
        'x-kite-version': '3',
      },
    });
  }

  get #paperHeaders(): Record<string, string> {
    return { 'x-paper-token': this.environment['RATCHET_PAPER_TOKEN'] ?? '' };
  }

  /** The exchange's own books. */
  books(): Promise<OwnBooks> {
    return this.#paper<OwnBooks>('/paper/books');
  }

  /** The market's time and the host's at the same moment. */
  clock(): Promise<{ readonly marketAt: number; readonly hostAt: number }> {
    return this.#paper('/paper/clock');
  }

  async #paper<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.exchange}${path}`, { headers: this.#paperHeaders });
    return ((await answer.json()) as { data: T }).data;
  }

  /** The exchange's admin API. */
  async admin(path: string, body: object, method = 'POST'): Promise<void> {
    const reply = await fetch(`${this.exchange}${path}`, {
      method,
      headers: { ...this.#paperHeaders, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await reply.text();
    if (!text.includes('success')) throw new Error(`${path}: ${text}`);
  }

  setPrice(tradingsymbol: string, rupees: number): Promise<void> {
    return this.admin('/paper/price', { tradingsymbol, price: Math.round(rupees * 100) / 100 });
  }

  /** Asked again when the account's rate of requests is used up. */
  ordersOf(tag: string): Promise<OrderRow[]> {
    return eventually(async () => {
      const { data } = (await (await this.kite('/orders')).json()) as { data: OrderRow[] | null };
      return data?.filter((order) => order.tag === tag);
    });
  }

  /** Starts a position as the trading day would. */
  startPosition(wish: PositionWish): Promise<StartedPosition> {
    return this.#start(this.#terms(wish));
  }

  /** What a day of that date would find when it compares the books. */
  reconcile(date: string): Promise<Reconciliation> {
    const keys = this.environment;
    const broker = openBrokerReader(
      fixedCredentials({
        apiKey: keys['RATCHET_KITE_API_KEY'] ?? '',
        accessToken: keys['RATCHET_KITE_ACCESS_TOKEN'] ?? '',
      }),
      { rest: this.exchange },
    );
    const positions = { taskAttempts: () => Promise.resolve(0), end: () => Promise.resolve() };
    return createReconcileActivities({
      pool: this.pool,
      broker,
      books: new BooksReader(broker),
      positions,
      installation: keys['RATCHET_INSTALLATION'] ?? '',
    }).reconcile(this.account, date, []);
  }

  /** Starts a position that was carried into another session, as that session's day would. */
  resumePosition({ intent, traces }: Adoptable, date: string): Promise<StartedPosition> {
    const terms = {
      ...this.#terms({ ...intent, ...intent.instrument }),
      intent,
      date,
      squareOffAt: null,
    };
    return this.#start(terms, adoptedState(terms, epochMs(Date.now()), traces));
  }

  /** The account's triggers in a stock. */
  triggersOf(tradingsymbol: string): Promise<TriggerRow[]> {
    return eventually(async () => {
      const { data } = (await (await this.kite('/gtt/triggers')).json()) as {
        data: TriggerRow[] | null;
      };
      return data?.filter(({ condition }) => condition.tradingsymbol === tradingsymbol);
    });
  }

  async #start(terms: PositionTerms, state?: PositionState): Promise<StartedPosition> {
    const workflowId = `position-${this.account}-${terms.intent.intentId}`;
    await recordApproval(this.pool, terms.intent);
    const handle = await this.client.workflow.start('position', {
      workflowId,
      taskQueue: `orders-${this.account}`,
      workflowTaskTimeout: '4s',
      args: [{ terms, dayWorkflowId: 'day-none', ...(state === undefined ? {} : { state }) }],
      typedSearchAttributes: [{ key: attributes.account, value: this.account }],
    });
    return {
      workflowId,
      view: () => handle.query<PositionView>('position'),
      closed: () => handle.result(),
    };
  }

  /** Starts a position's workflow with what no code can read: it fails the same task again and again. */
  startUnreadable(workflowId: string): Promise<unknown> {
    return this.client.workflow.start('position', {
      workflowId,
      taskQueue: `orders-${this.account}`,
      args: [{}],
      typedSearchAttributes: [{ key: attributes.account, value: this.account }],
    });
  }

  /** Starts a position and waits until its stop rests. */
  async openPosition(
    wish: PositionWish,
  ): Promise<StartedPosition & { readonly first: PositionView }> {
    const position = await this.startPosition(wish);
    const first = await eventually(async () => {
      const view = await position.view();
      return view.phase === 'protected' ? view : undefined;
    }, startMs);
    return { ...position, first };
  }

  tokenOf(tradingsymbol: string): number {
    return this.#tokens.get(tradingsymbol) ?? 0;
  }

  #terms(wish: PositionWish): PositionTerms {
    const { tradingsymbol, direction, intentId } = wish;
    const price = Math.round((wish.price ?? 10) * 100);
    const slippage = wish.slippage ?? 2;
    const endsAt = Date.now() + (wish.lifeMs ?? hourMs);
    const product = wish.product ?? 'MIS';
    return {
      intent: {
        intentId,
        account: this.account,
        date: readRunning(this.home).date,
        direction,
        product,
        instrument: {
          tradingsymbol,
          name: tradingsymbol,
          sector: 'Test',
          instrumentToken: this.tokenOf(tradingsymbol),
          tickSize: this.#ticks.get(tradingsymbol) ?? paise(1),
          hasDerivatives: true,
        },
        quantity: shares(wish.quantity ?? 10),
        entryLimit: paise(price + (direction === 'LONG' ? slippage : -slippage)),
        stopDistance: paise(Math.round(price / 10)),
        targetDistance: paise(Math.round(price / 5)),
        policy: wish.policy ?? rupeeForRupee,
        atrAtEntry: 0,
        band: { lower: paise(Math.round(price / 2)), upper: paise(Math.round(price * 1.5)) },
        reason: 'a test position',
      },
      timing: { entryLifeMs: 30_000, rereadMs: 3_000, repriceMs: 1_500, stopDoubtMs: 3_000 },
      date: readRunning(this.home).date,
      squareOffAt: product === 'CNC' ? null : epochMs(endsAt),
      cutOffAt: epochMs(product === 'CNC' ? endsAt : endsAt + afterSquareOffMs),
      modificationsMax: brokerCapabilities.modificationsMax,
    };
  }

  /** What a process of the system has written so far. */
  log(name: string): string {
    return readFileSync(join(this.folder, `${name.replace(' ', '-')}.log`), 'utf8');
  }

  /** Types of the alerts about a position. */
  async alertsOf(intentId: string): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ type: string }>(
      `select type from alert where body ->> 'intentId' = $1`,
      [intentId],
    );
    return rows.map(({ type }) => type);
  }

  /** The exchange's own record of one kind: it answers when the exchange does not. */
  journal(kind: JournalKind): JournalLine[] {
    return readFileSync(join(this.folder, 'exchange-journal.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalLine)
      .filter((line) => line.kind === kind);
  }

  /** Kills everything, the supervisor first. Another system may be started in the home then. */
  async killAll(): Promise<void> {
    await this.client.connection.close();
    await this.pool.end();
    this.#command.child.kill('SIGKILL');
    await killEverythingOf(this.home);
    await this.#command.ended;
  }

  /** Stops everything. Returns what was left running, which must be nothing. */
  async stop(): Promise<string[]> {
    await this.client.connection.close();
    await this.pool.end();
    this.#command.child.kill('SIGINT');
    await this.#command.ended;
    return processesOf(this.home);
  }
}

export interface OwnBooks {
  readonly cash: number;
  readonly openingCash: number;
  readonly openPositions: readonly unknown[];
  readonly fills: readonly unknown[];
}

const readRunning = (home: string): Running =>
  JSON.parse(readFileSync(join(home, 'running.json'), 'utf8')) as Running;
