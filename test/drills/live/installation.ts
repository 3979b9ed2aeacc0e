// One person's Ratchet in the drill: a home of its own, the commands a person types, and what its records say.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectClient } from '../../../infra/temporal/connect';
import { Pool } from 'pg';
import type { PositionView } from '../../../domain/position';
import { agentNames } from '../../../domain/agents';
import { positionWorkflowId } from '../../../workflows/messages';
import {
  eventually,
  killEverythingOf,
  ratchet,
  resumeEntries,
  startRatchet,
  type StartedCommand,
} from '../../support/ratchet';
import { keys, user, type StandIn } from './standIn';

export const account = 'drill';
const startMs = 4 * 60_000;

/** The five agents, chosen: live nobody trades that is not. */
const strategies = { use: [...agentNames] };

/** An entry in nearly every bar, so that little time shows much. */
const eager = {
  decision: {
    barMinutes: 1,
    longThreshold: 0.02,
    shortThreshold: -0.02,
    neutralMargin: 0,
    fullSizeScore: 0.03,
    model: { minProbability: 0 },
  },
  risk: {
    openPositionsMax: 12,
    positionsPerSectorMax: 12,
    sectorExposureBps: 10_000,
    longExposureBps: 10_000,
    shortExposureBps: 10_000,
    positionValueBps: 800,
    entriesPerDayMax: 1_000,
    entriesPerStockMax: 100,
    lossesInRowMax: 100,
    rewardToRiskMin: 0.1,
    openRiskBps: 4_000,
    dayLossBps: 9_000,
    drawdownBps: 9_000,
  },
};

export const universe = [
  ...['RELIANCE', 'HDFCBANK', 'ICICIBANK', 'INFY', 'TCS', 'SBIN', 'AXISBANK', 'BHARTIARTL'],
  ...['ITC', 'LT', 'TATASTEEL', 'HINDALCO', 'MARUTI', 'TECHM'],
];

interface Running {
  readonly folder: string;
  readonly supervisor: number;
  readonly processes: Readonly<Record<string, number>>;
  readonly environment: Readonly<Record<string, string>>;
}

export interface AlertRow {
  readonly type: string;
  readonly raisedAt: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export class Installation {
  readonly home: string;
  readonly #standIn: StandIn;
  readonly #mode: 'shadow' | 'live';
  #up: StartedCommand | undefined;
  #pool: Pool | undefined;

  constructor(home: string, standIn: StandIn, mode: 'shadow' | 'live') {
    this.home = home;
    this.#standIn = standIn;
    this.#mode = mode;
    mkdirSync(home, { recursive: true });
    const { rest: brokerUrl, ticker: tickerUrl } = standIn;
    const loginUrl = `${brokerUrl}/connect/login`;
    const urls = { brokerUrl, tickerUrl, loginUrl };
    writeFileSync(
      this.#config,
      JSON.stringify({ account, mode, kiteUser: user, ...urls, universe, strategies, ...eager }),
    );
  }

  get #config(): string {
    return join(this.home, `${this.#mode}.json`);
  }

  get #environment(): NodeJS.ProcessEnv {
    return {
      ...{ RATCHET_CONFIG: undefined, DATABASE_URL: undefined, TEMPORAL_ADDRESS: undefined },
      RATCHET_STAND_IN_CLOCK: JSON.stringify(this.#standIn.clock),
      RATCHET_KITE_API_KEY: keys.apiKey,
      RATCHET_KITE_API_SECRET: keys.apiSecret,
    };
  }

  /** Runs a command that must succeed, and waits for its end. @param typed what the person types. */
  async done(args: readonly string[], typed = ''): Promise<string> {
    const { code, stdout, stderr } = await ratchet(args, this.home, this.#environment, typed);
    if (code !== 0) throw new Error(`ratchet ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  resumeEntries(date: string): Promise<unknown> {
    const day = ['--account', 'drill', '--date', date];
    return resumeEntries(this.home, day, this.#environment);
  }

  /** A person logs in. @returns when it was done. */
  async login(): Promise<number> {
    await this.done(
      ['login', '--paste', '--config', this.#config],
      `${await this.#standIn.browserLogin()}\n`,
    );
    return Date.now();
  }

  async enable(): Promise<void> {
    await this.done(['live', 'enable', '--config', this.#config], `${user}\n`);
  }

  async startDay(date: string): Promise<void> {
    await this.done(['day', 'start', '--config', this.#config, '--date', date]);
  }

  async up(): Promise<void> {
    const up = startRatchet(['up', '--config', this.#config], this.home, this.#environment);
    this.#up = up;
    const failed = up.ended.then(({ stderr }) => Promise.reject(new Error(`up: ${stderr}`)));
    failed.catch(() => undefined);
    await Promise.race([
      eventually(() => (up.stdout().includes('{') ? true : undefined), startMs),
      failed,
    ]);
    await this.#pool?.end().catch(() => undefined);
    this.#pool = new Pool({ connectionString: this.running.environment['DATABASE_URL'], max: 2 });
    this.#pool.on('error', () => undefined);
  }

  get running(): Running {
    return JSON.parse(readFileSync(join(this.home, 'running.json'), 'utf8')) as Running;
  }

  async rows<T extends object>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    if (this.#pool === undefined) throw new Error('the system is not up');
    return (await this.#pool.query<T>(text, [...values])).rows;
  }

  async alerts(since: number): Promise<readonly AlertRow[]> {
    const rows = await this.rows<{ type: string; raised_host: string; body: AlertRow['body'] }>(
      'select type, raised_host, body from alert where raised_host >= $1 order by raised_host',
      [since],
    );
    return rows.map(({ type, raised_host: at, body }) => ({ type, raisedAt: Number(at), body }));
  }

  /** When an alert of the type was raised first after an instant. */
  alerted(type: string, since: number): Promise<number> {
    return eventually(
      async () => (await this.alerts(since)).find((one) => one.type === type)?.raisedAt,
      startMs,
    ).catch(() => {
      throw new Error(`no alert ${type} was raised`);
    });
  }

  /** @param work gets a question to a position's own workflow, by its tag; it is answered by a worker alone. */
  async withWorkflows(
    work: (view: (tag: string) => Promise<PositionView>) => Promise<void>,
  ): Promise<void> {
    const client = await connectClient(this.running.environment);
    try {
      await work((tag) =>
        client.workflow.getHandle(positionWorkflowId(account, tag)).query<PositionView>('position'),
      );
    } finally {
      await client.connection.close();
    }
  }

  signal(name: string, signal: NodeJS.Signals): void {
    const pid = this.running.processes[name];
    if (pid === undefined) throw new Error(`no process is called ${name}`);
    process.kill(pid, signal);
  }

  /** The plug is pulled: nothing of the installation lives on. */
  async killAll(): Promise<void> {
    this.#up?.child.kill('SIGKILL');
    await killEverythingOf(this.home);
    await this.#up?.ended;
  }

  async stop(): Promise<void> {
    await this.#pool?.end();
    this.#pool = undefined;
    this.#up?.child.kill('SIGTERM');
    await this.#up?.ended;
  }
}
