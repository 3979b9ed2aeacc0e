// One run of process chaos: a whole system with open positions on moving prices, its processes killed and
// its broker made to misbehave, by a seed; then calm, everything left, and the judge reads the journal.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Direction } from '../../domain/units';
import { judge, type Verdict } from '../support/journalCheck';
import { LiveSystem, type StartedPosition } from '../support/liveSystem';
import { eventually, newHome } from '../support/ratchet';

/** What can be done to a running system. */
export type Blow =
  | { readonly kind: 'kill'; readonly process: string }
  | { readonly kind: 'crashPoint'; readonly point: string }
  | { readonly kind: 'fault'; readonly body: Readonly<Record<string, string | number>> };

export const processes = ['worker', 'gateway', 'Temporal', 'Postgres', 'model server'] as const;

export const crashPoints: readonly string[] = [
  ...['entry', 'stop', 'trail', 'exit'].flatMap((kind) =>
    ['beforeSend', 'afterSend', 'afterAnswer'].map((moment) => `${kind}.${moment}`),
  ),
  'ledger.beforeCommit',
  'ledger.afterCommit',
];

const brokerFaults: readonly Readonly<Record<string, string | number>>[] = [
  { kind: 'execute-and-timeout', on: 'place', times: 1 },
  { kind: 'execute-and-timeout', on: 'modify', times: 2 },
  { kind: 'lost-request', on: 'place', times: 1 },
  { kind: 'server-error', on: 'modify', times: 2, status: 503 },
  { kind: 'html-200', on: 'place', times: 1 },
  { kind: 'too-many-requests', times: 3 },
  { kind: 'half-open', times: 1, ms: 3_000 },
  { kind: 'lost-updates', times: 5 },
];

export interface ChaosPlan {
  readonly seed: number;
  readonly positions: number;
  readonly blows: readonly Blow[];
  /** Between two blows, ms. */
  readonly pauseMs: number;
  /** Longest time a position may be uncovered, ms. */
  readonly graceMs: number;
}

export interface ChaosResult {
  readonly seed: number;
  readonly verdict: Verdict;
  /** From a kill to the next answer of every position, ms, by what was killed. */
  readonly recoveryMs: Readonly<Record<string, number>>;
  readonly booksAgree: boolean;
  readonly leftRunning: readonly string[];
}

/** A small generator of our own: the same seed, the same run of blows and prices. */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Blows drawn from a seed: kills, crash points and broker faults in equal parts. */
export function drawBlows(seed: number, count: number): readonly Blow[] {
  const chance = chanceOf(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(chance() * values.length)] as T;
  return Array.from({ length: count }, (): Blow => {
    const kind = pick(['kill', 'crashPoint', 'fault'] as const);
    if (kind === 'kill') return { kind, process: pick(processes) };
    if (kind === 'crashPoint') return { kind, point: pick(crashPoints) };
    return { kind, body: pick(brokerFaults) };
  });
}

const deadlineMs = 4 * 60_000;
/** A question asked of a process that has just died is asked again. */
const answerMs = 2_000;
const symbols = Array.from({ length: 8 }, (_, index) => `CHAOS${String.fromCharCode(65 + index)}`);

class ChaosRun {
  readonly #positions: StartedPosition[] = [];
  readonly #prices = new Map(symbols.map((symbol) => [symbol, 10]));
  readonly #chance: () => number;
  #stopped = false;
  #sequence = 0;

  readonly system: LiveSystem;
  readonly plan: ChaosPlan;
  readonly crashFile: string;

  constructor(system: LiveSystem, plan: ChaosPlan, crashFile: string) {
    this.system = system;
    this.plan = plan;
    this.crashFile = crashFile;
    this.#chance = chanceOf(plan.seed + 1);
  }

  /** Opens a position in the next stock; one intent each, as the day does. */
  async open(): Promise<void> {
    const tradingsymbol = symbols[this.#sequence % symbols.length] ?? 'CHAOSA';
    const direction: Direction = this.#sequence % 2 === 0 ? 'LONG' : 'SHORT';
    const round = Math.floor(this.#sequence / symbols.length);
    const letter = tradingsymbol.slice(-1);
    this.#sequence += 1;
    const intentId = `R261125${letter}TC${round}${this.plan.seed.toString(36).toUpperCase()}`;
    const price = this.#prices.get(tradingsymbol) ?? 10;
    // An entry in doubt is watched to the session's end, so the end must come.
    const lifeMs = this.plan.blows.length * (this.plan.pauseMs + 4_000) + 20_000;
    const wish = { intentId, tradingsymbol, direction, price, lifeMs, slippage: 20 };
    this.#positions.push(await eventually(() => this.system.startPosition(wish), deadlineMs));
  }

  /** Resolves when everything opened so far is protected. */
  async protectedAll(): Promise<void> {
    for (const { view } of this.#positions)
      await eventually(
        async () => ((await view()).phase === 'protected' ? true : undefined),
        deadlineMs,
      );
  }

  /** Walks every price until stopped; a blow may make a single step fail. */
  async walk(): Promise<void> {
    while (!this.#stopped) {
      for (const [symbol, price] of this.#prices) {
        const next = Math.max(6, Math.min(14, price + (this.#chance() - 0.5) * 0.5));
        this.#prices.set(symbol, next);
        await this.system.setPrice(symbol, next).catch(() => undefined);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async strike(blow: Blow): Promise<void> {
    switch (blow.kind) {
      case 'kill':
        this.system.kill(blow.process);
        return;
      case 'crashPoint':
        writeFileSync(this.crashFile, blow.point);
        return;
      case 'fault':
        await this.system.admin('/paper/faults', blow.body);
        return;
    }
  }

  /** How long until every position answers again. */
  async recovery(): Promise<number> {
    const from = Date.now();
    const { client } = this.system;
    await Promise.all(
      this.#positions.map(({ view }) =>
        eventually(() => client.withDeadline(Date.now() + answerMs, view), deadlineMs),
      ),
    );
    return Date.now() - from;
  }

  /** Ends the trouble and leaves every position. */
  async calm(): Promise<void> {
    rmSync(this.crashFile, { force: true });
    await eventually(async () => {
      await this.system.admin('/paper/faults', {}, 'DELETE');
      return true;
    }, deadlineMs);
    for (const { workflowId } of this.#positions) {
      await eventually(async () => {
        await this.system.client.workflow
          .getHandle(workflowId)
          .signal('leave', { reason: 'killSwitch' })
          .catch((error: unknown) => {
            if (!(error instanceof Error) || error.name !== 'WorkflowNotFoundError') throw error;
          });
        return true;
      }, deadlineMs);
    }
    for (const position of this.#positions)
      await eventually(async () => {
        await position.closed();
        return true;
      }, deadlineMs);
    this.#stopped = true;
  }
}

/** Our ledger against the exchange's cash: opening + every posting of ours. */
async function booksAgree(system: LiveSystem): Promise<boolean> {
  const books = (await (await fetch(`${system.exchange}/paper/books`)).json()) as {
    data: { cash: number; openingCash: number; openPositions: unknown[] };
  };
  const { rows } = await eventually(
    () =>
      system.pool.query<{ cash: string; total: string }>(
        `select coalesce(sum(amount) filter (where ledger_account = 'cash'), 0) as cash, coalesce(sum(amount), 0) as total from ledger_entry`,
      ),
    deadlineMs,
  );
  const { cash, openingCash, openPositions } = books.data;
  return (
    Number(rows[0]?.cash) === cash - openingCash &&
    Number(rows[0]?.total) === 0 &&
    openPositions.length === 0
  );
}

/** @param say told what happens, a line each. */
export async function chaosRun(plan: ChaosPlan, say: (line: string) => void): Promise<ChaosResult> {
  const home = newHome();
  const crashFile = join(home, 'crash');
  const stocks = symbols.map((tradingsymbol) => ({ tradingsymbol, price: 10 }));
  const system = await LiveSystem.start(home, stocks, { RATCHET_CRASH_FILE: crashFile });
  const run = new ChaosRun(system, plan, crashFile);
  const half = Math.ceil(plan.positions / 2);
  for (let opened = 0; opened < half; opened += 1) await run.open();
  await run.protectedAll();
  const walking = run.walk();
  const recoveryMs: Record<string, number> = {};
  for (const [index, blow] of plan.blows.entries()) {
    const name = blow.kind === 'kill' ? blow.process : JSON.stringify(blow);
    await eventually(async () => {
      await run.strike(blow);
      return true;
    }, deadlineMs);
    if (index < plan.positions - half) await run.open();
    if (blow.kind === 'kill') {
      const took = await run.recovery();
      recoveryMs[name] = Math.max(recoveryMs[name] ?? 0, took);
      say(`${name} killed; every position answered again after ${took} ms`);
    } else say(name);
    await new Promise((resolve) => setTimeout(resolve, plan.pauseMs));
  }
  await run.calm();
  await walking;
  const agree = await booksAgree(system);
  const leftRunning = await system.stop();
  const journalFile = join(system.folder, 'exchange-journal.jsonl');
  const verdict = judge(readFileSync(journalFile, 'utf8'), plan.graceMs);
  const clean = verdict.violations.length === 0 && agree && leftRunning.length === 0;
  if (clean && existsSync(home)) rmSync(home, { recursive: true, force: true });
  else say(`the run is kept in ${home}`);
  return { seed: plan.seed, verdict, recoveryMs, booksAgree: agree, leftRunning };
}
