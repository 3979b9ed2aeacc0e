// One run of process chaos, drawn from a seed: a whole system with open positions on moving prices, whose
// processes are killed and whose broker fails. Then the faults end, every position is left, and the judge
// reads the journal.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Direction } from '../../domain/units';
import { chanceFor, type Chance } from '../../exchange/market/chance';
import { judge, type Verdict } from '../support/journalCheck';
import { LiveSystem, type StartedPosition } from '../support/liveSystem';
import { eventually, newHome } from '../support/ratchet';

/** What can be done to a running system. */
export type Blow =
  | { readonly kind: 'kill'; readonly process: string }
  | { readonly kind: 'crashPoint'; readonly point: string }
  | { readonly kind: 'fault'; readonly body: Readonly<Record<string, string | number>> };

const processes = ['worker', 'gateway', 'Temporal', 'Postgres', 'model server'] as const;

const crashPoints: readonly [string, ...string[]] = [
  'ledger.beforeCommit',
  'ledger.afterCommit',
  ...['entry', 'stop', 'trail', 'exit'].flatMap((kind) =>
    ['beforeSend', 'afterSend', 'afterAnswer'].map((moment) => `${kind}.${moment}`),
  ),
];

type BrokerFault = Readonly<Record<string, string | number>>;
const brokerFaults: readonly [BrokerFault, ...BrokerFault[]] = [
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
  /** From a death to the next answer of every position, ms, by what was killed or where it crashed. */
  readonly recoveryMs: Readonly<Record<string, number>>;
  readonly booksAgree: boolean;
  readonly leftRunning: readonly string[];
}

/** Blows drawn from a seed: kills, crash points and broker faults in equal parts. */
export function drawBlows(seed: number, count: number): readonly Blow[] {
  const { pick } = chanceFor(seed, 'blows');
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
  readonly #chance: Chance;
  #stopped = false;
  #walking: Promise<void> = Promise.resolve();
  #sequence = 0;

  readonly system: LiveSystem;
  readonly plan: ChaosPlan;
  readonly crashFile: string;

  constructor(system: LiveSystem, plan: ChaosPlan, crashFile: string) {
    this.system = system;
    this.plan = plan;
    this.crashFile = crashFile;
    this.#chance = chanceFor(plan.seed, 'prices');
  }

  /** Opens a position in the next stock; one intent each, as the day does. */
  async open(): Promise<void> {
    const tradingsymbol = symbols[this.#sequence % symbols.length] ?? 'CHAOSA';
    const direction: Direction = this.#sequence % 2 === 0 ? 'LONG' : 'SHORT';
    // Two of the four stocks that are bought are bought as delivery and protected by a trigger.
    const product = this.#sequence % 4 === 2 ? 'CNC' : 'MIS';
    const round = Math.floor(this.#sequence / symbols.length);
    const letter = tradingsymbol.slice(-1);
    this.#sequence += 1;
    const intentId = `R261125${letter}TC${round}${this.plan.seed.toString(36).toUpperCase()}`;
    const price = this.#prices.get(tradingsymbol) ?? 10;
    // An entry in doubt is watched to the session's end, so the session has to end.
    const lifeMs = this.plan.blows.length * (this.plan.pauseMs + 4_000) + 20_000;
    const wish = {
      intentId,
      tradingsymbol,
      direction,
      product,
      price,
      lifeMs,
      slippage: 20,
    } as const;
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
  walk(): void {
    this.#walking = this.#walk();
  }

  async stopWalking(): Promise<void> {
    this.#stopped = true;
    await this.#walking;
  }

  async #walk(): Promise<void> {
    while (!this.#stopped) {
      for (const [symbol, price] of this.#prices) {
        // About a hundredth a step: an entry must not be a tenth from the last price that was heard.
        const next = Math.max(6, Math.min(14, price + (this.#chance.unit() - 0.5) * 0.2));
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

  /** Did the blow end a process? A crash point that nobody passes in time stays armed. */
  async felled(blow: Blow): Promise<boolean> {
    if (blow.kind !== 'crashPoint') return blow.kind === 'kill';
    const until = Date.now() + this.plan.pauseMs;
    while (existsSync(this.crashFile) && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 50));
    return !existsSync(this.crashFile);
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

  /** Ends the faults and leaves every position. */
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
  }
}

/** Our ledger against the exchange's cash: the opening and all our postings. */
async function booksAgree(system: LiveSystem): Promise<boolean> {
  const { cash, openingCash, openPositions } = await system.books();
  const { rows } = await eventually(
    () =>
      system.pool.query<{ cash: string; total: string }>(
        `select coalesce(sum(amount) filter (where ledger_account = 'cash'), 0) as cash, coalesce(sum(amount), 0) as total from ledger_entry`,
      ),
    deadlineMs,
  );
  return (
    Number(rows[0]?.cash) === cash - openingCash &&
    Number(rows[0]?.total) === 0 &&
    openPositions.length === 0
  );
}

const nameOf = (blow: Blow): string => {
  if (blow.kind === 'kill') return blow.process;
  return blow.kind === 'crashPoint' ? blow.point : JSON.stringify(blow.body);
};

/** What happens in a run, in order. @throws Error when a step does not come to its end. */
async function play(
  run: ChaosRun,
  say: (line: string) => void,
): Promise<Pick<ChaosResult, 'recoveryMs' | 'booksAgree'>> {
  const { plan } = run;
  const half = Math.ceil(plan.positions / 2);
  for (let opened = 0; opened < half; opened += 1) await run.open();
  await run.protectedAll();
  run.walk();
  const recoveryMs: Record<string, number> = {};
  for (const [index, blow] of plan.blows.entries()) {
    const name = nameOf(blow);
    say(name);
    await eventually(async () => {
      await run.strike(blow);
      return true;
    }, deadlineMs);
    if (index < plan.positions - half) await run.open();
    // One death at a time. Otherwise the measured time would depend on how often a process is killed before
    // it is up.
    if (await run.felled(blow)) {
      const took = await run.recovery();
      recoveryMs[name] = Math.max(recoveryMs[name] ?? 0, took);
      say(`${name}: every position answered again after ${took} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, plan.pauseMs));
  }
  await run.calm();
  say('calm');
  // A worker that has seen none of this must be able to replay every history.
  run.system.kill('worker');
  say(`every history replayed after ${await run.recovery()} ms`);
  return { recoveryMs, booksAgree: await booksAgree(run.system) };
}

/**
 * @param say called with what happens, a line each.
 * @throws Error when the system got stuck. Everything is stopped all the same, and its folder kept.
 */
export async function chaosRun(plan: ChaosPlan, say: (line: string) => void): Promise<ChaosResult> {
  const home = newHome();
  const crashFile = join(home, 'crash');
  const stocks = symbols.map((tradingsymbol) => ({ tradingsymbol, price: 10 }));
  const system = await LiveSystem.start(home, stocks, { RATCHET_CRASH_FILE: crashFile });
  const run = new ChaosRun(system, plan, crashFile);
  const stop = async (): Promise<string[]> => {
    await run.stopWalking();
    return system.stop();
  };
  const played = await play(run, say).catch(async (error: unknown) => {
    await stop();
    say(`the run is kept in ${home}`);
    throw error;
  });
  const leftRunning = await stop();
  const journalFile = join(system.folder, 'exchange-journal.jsonl');
  const verdict = judge(readFileSync(journalFile, 'utf8'), plan.graceMs);
  const clean = verdict.violations.length === 0 && played.booksAgree && leftRunning.length === 0;
  if (clean) rmSync(home, { recursive: true, force: true });
  else say(`the run is kept in ${home}`);
  return { seed: plan.seed, verdict, ...played, leftRunning };
}
