// Looks at the day and its positions from outside, every few seconds. A day that somebody has ended is begun anew
// with the terms it had; a position that somebody has ended is told to the day, which adopts what it held.
// What a workflow cannot see of itself is told to people by name.
import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Pool } from 'pg';
import { wordsOf } from '../domain/errors';
import type { TradingTerms } from '../domain/entry';
import type { Mode } from '../domain/live/mode';
import type { SessionPlan } from '../domain/session/sessionPlan';
import {
  workflowTrouble,
  type WorkflowLook,
  type WorkflowTrouble,
} from '../domain/session/workflowWatch';
import { epochMs } from '../domain/units';
import { dayWorkflowId, reconcileSignal } from '../workflows/messages';
import type { RaiseOwnAlert } from './raiseAlert';

/** Well within the ten seconds in which somebody is to be told. */
const lookEveryMs = 3_000;

/** The account's newest session, as it was opened. */
interface OpenedSession {
  readonly date: string;
  readonly plan: SessionPlan;
  readonly terms: TradingTerms | null;
}

export interface WatchParts {
  readonly account: string;
  readonly mode: Mode;
  readonly pool: Pool;
  readonly client: Client;
  readonly raise: RaiseOwnAlert;
  /** Begins the day anew with the terms it had. */
  readonly startAgain: (date: string, terms: TradingTerms) => Promise<unknown>;
}

export class WorkflowWatch {
  readonly #parts: WatchParts;
  readonly #since: number;
  /** Workflows that this process has seen at work. */
  #atWork = new Set<string>();
  readonly #told = new Set<string>();

  /** @param since when this process began, host clock. */
  constructor(parts: WatchParts, since: number) {
    this.#parts = parts;
    this.#since = since;
  }

  /** Looks once. A look that fails is repeated by the next. */
  async look(now: number): Promise<void> {
    const session = await this.#session();
    if (session === null || now >= session.plan.close) return;
    await this.#lookAtDay(session);
    await this.#lookAtPositions(session);
  }

  async #session(): Promise<OpenedSession | null> {
    const { pool, account } = this.#parts;
    const { rows } = await pool.query<OpenedSession>(
      `select to_char(date, 'YYYY-MM-DD') as date, plan, terms from session where account = $1 order by date desc limit 1`,
      [account],
    );
    return rows[0] ?? null;
  }

  async #lookAtDay({ date, terms }: OpenedSession): Promise<void> {
    const { account, mode, startAgain } = this.#parts;
    const workflow = dayWorkflowId(account, date);
    const look = await this.#seen(workflow);
    if (look === null) return;
    // On paper an interrupted session of a world is ended before a worker starts. That is no trouble.
    const isKnown = mode !== 'paper' || look.begunAt >= this.#since || this.#atWork.has(workflow);
    if (look.status === 'RUNNING') this.#atWork.add(workflow);
    const trouble = isKnown ? workflowTrouble(look) : null;
    if (trouble === null) return;
    await this.#tell('day.stuck', workflow, look, trouble);
    if (trouble.kind === 'ended' && terms !== null) await startAgain(date, terms);
  }

  async #lookAtPositions({ date }: OpenedSession): Promise<void> {
    const { account, client } = this.#parts;
    const query = `WorkflowType = 'position' and ExecutionStatus = 'Running' and RatchetAccount = '${account}'`;
    const running = new Set<string>();
    for await (const { workflowId } of client.workflow.list({ query })) running.add(workflowId);
    const day = dayWorkflowId(account, date);
    const gone = [...this.#atWork].filter((id) => id !== day && !running.has(id));
    this.#atWork = new Set([...[...this.#atWork].filter((id) => id === day), ...running]);
    for (const workflow of gone) {
      const look = await this.#seen(workflow);
      const trouble = look === null ? null : workflowTrouble(look);
      if (look === null || trouble === null) continue;
      await this.#tell('position.ended', workflow, look, trouble);
      await client.workflow.getHandle(day).signal(reconcileSignal, { reason: trouble.why });
    }
  }

  /** @returns null where there is none. */
  async #seen(workflowId: string): Promise<WorkflowLook | null> {
    const handle = this.#parts.client.workflow.getHandle(workflowId);
    try {
      const { status, runId, raw, startTime } = await handle.describe();
      return {
        runId,
        begunAt: epochMs(startTime.getTime()),
        status: status.name,
        taskAttempts: raw.pendingWorkflowTask?.attempt ?? 0,
        wasForeign: status.name === 'FAILED' && (await wasForeign(handle.result())),
      };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  async #tell(
    type: 'day.stuck' | 'position.ended',
    workflow: string,
    { runId }: WorkflowLook,
    { kind, why }: WorkflowTrouble,
  ): Promise<void> {
    const key = `${runId}-${kind}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    console.warn(`${workflow}: ${why}`);
    await this.#parts.raise(type, key, { workflow, why });
  }
}

/** Did it fail because its start was refused? */
const wasForeign = (result: Promise<unknown>): Promise<boolean> =>
  result.then(
    () => false,
    (error: unknown) =>
      error instanceof WorkflowFailedError &&
      error.cause instanceof ApplicationFailure &&
      error.cause.type === 'MESSAGE_REFUSED',
  );

/** Looks again and again. @returns ends it. */
export function watchWorkflows(parts: WatchParts): () => void {
  const watch = new WorkflowWatch(parts, Date.now());
  let failing = '';
  let stopped = false;
  const again = async (): Promise<void> => {
    const why = await watch.look(Date.now()).then(() => '', wordsOf);
    if (why !== failing && why !== '') console.warn(`the workflows could not be looked at: ${why}`);
    failing = why;
    if (!stopped) timer = setTimeout(() => void again(), lookEveryMs);
  };
  let timer = setTimeout(() => void again(), lookEveryMs);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
