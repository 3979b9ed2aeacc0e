// Bands in, signals out: a position hears only of prices that change something for it, with one signal
// in flight at a time; what comes meanwhile waits and goes with the next.
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { drained, offer, openGate, type TickGate } from '../domain/trailing';
import { paise, paiseFromRupees } from '../domain/units';
import { crossedSignal, orderHintSignal, positionWorkflowId } from '../workflows/messages';
import type { FeedTick } from './tickerSupervisor';

interface Watched {
  readonly token: number;
  readonly version: number;
  gate: TickGate;
  inFlight: boolean;
}

/** A row of the table `band`. */
export interface BandRow {
  readonly workflow_id: string;
  readonly instrument_token: number | string;
  readonly above: number | string;
  readonly below: number | string;
  readonly version: number | string;
}

export class Crossings {
  readonly #temporal: Client;
  readonly #pool: Pool;
  readonly #account: string;
  readonly #watched = new Map<string, Watched>();
  /** Grows across restarts of the gateway, so that a position can tell a repeat. */
  #seq = Date.now() * 1000;

  constructor(temporal: Client, pool: Pool, account: string) {
    this.#temporal = temporal;
    this.#pool = pool;
    this.#account = account;
  }

  async load(): Promise<void> {
    const { rows } = await this.#pool.query<BandRow>('select * from band');
    for (const row of rows) this.publish(row);
  }

  publish(row: BandRow): void {
    const version = Number(row.version);
    const known = this.#watched.get(row.workflow_id);
    if (known !== undefined && known.version >= version) return;
    const band = { above: paise(Number(row.above)), below: paise(Number(row.below)) };
    const gate = openGate(band, known?.gate.path);
    this.#watched.set(row.workflow_id, {
      token: Number(row.instrument_token),
      version,
      gate,
      inFlight: known?.inFlight ?? false,
    });
    this.#send(row.workflow_id);
  }

  withdraw(workflowId: string): void {
    this.#watched.delete(workflowId);
  }

  take(ticks: readonly FeedTick[]): void {
    for (const { token, price } of ticks) {
      if (price <= 0) continue;
      for (const [workflowId, watched] of this.#watched) {
        if (watched.token !== token) continue;
        watched.gate = offer(watched.gate, paiseFromRupees(price));
        this.#send(workflowId);
      }
    }
  }

  /** An order of ours changed: its position reads the books. An update is never believed by itself. */
  hint(tag: string | null): void {
    if (tag === null) return;
    void this.#hintOne(positionWorkflowId(this.#account, tag));
  }

  hintAll(): void {
    for (const workflowId of this.#watched.keys()) void this.#hintOne(workflowId);
  }

  async #hintOne(workflowId: string): Promise<void> {
    // A foreign tag or a finished position: nobody to tell.
    await this.#temporal.workflow
      .getHandle(workflowId)
      .signal(orderHintSignal)
      .catch(() => undefined);
  }

  #send(workflowId: string): void {
    const watched = this.#watched.get(workflowId);
    if (watched === undefined || watched.inFlight || watched.gate.path.length === 0) return;
    const { path } = watched.gate;
    watched.gate = drained(watched.gate);
    watched.inFlight = true;
    this.#seq += 1;
    void this.#temporal.workflow
      .getHandle(workflowId)
      .signal(crossedSignal, { seq: this.#seq, path })
      .catch((error: unknown) =>
        console.error(
          `signal to ${workflowId} failed`,
          error instanceof Error ? error.message : '',
        ),
      )
      .finally(() => this.#landed(workflowId));
  }

  #landed(workflowId: string): void {
    const watched = this.#watched.get(workflowId);
    if (watched === undefined) return;
    watched.inFlight = false;
    this.#send(workflowId);
  }
}
