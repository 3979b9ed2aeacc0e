// Bands in, signals out: a position hears only of prices that change something for it, with one signal
// in flight at a time; what comes meanwhile waits and goes with the next.
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Pool } from 'pg';
import type { FeedTick } from '../broker/port';
import {
  drained,
  offer,
  openGate,
  openSieve,
  sift,
  type TickGate,
  type TickSieve,
} from '../domain/trailing';
import { intentOfTag } from '../domain/position';
import { paise } from '../domain/units';
import {
  crossedSignal,
  orderHintSignal,
  positionWorkflowId,
  type Crossing,
} from '../workflows/messages';

/** How long a position may take to answer a signal with a new band before more is sent. */
const answerMaxMs = 1_000;

interface Watched {
  readonly token: number;
  readonly version: number;
  gate: TickGate;
  sieve: TickSieve;
  inFlight: boolean;
}

/** A row of the table `band`. */
export interface BandRow {
  readonly workflow_id: string;
  readonly instrument_token: number | string;
  readonly above: number | string;
  readonly below: number | string;
  readonly lower_limit: number | string;
  readonly upper_limit: number | string;
  readonly jump_max: number | string;
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
    const limits = {
      band: { lower: paise(Number(row.lower_limit)), upper: paise(Number(row.upper_limit)) },
      jumpMax: paise(Number(row.jump_max)),
    };
    this.#watched.set(row.workflow_id, {
      token: Number(row.instrument_token),
      version,
      gate,
      // What has been believed so far stays so.
      sieve: { ...(known?.sieve ?? openSieve(limits)), ...limits },
      inFlight: false,
    });
    this.#send(row.workflow_id);
  }

  /** What positions hang on: to be subscribed whatever the day watches. */
  tokens(): readonly number[] {
    return [...new Set([...this.#watched.values()].map(({ token }) => token))];
  }

  withdraw(workflowId: string): void {
    this.#watched.delete(workflowId);
  }

  take(ticks: readonly FeedTick[]): void {
    for (const { token, price } of ticks) {
      if (price <= 0) continue;
      for (const [workflowId, watched] of this.#watched) {
        if (watched.token !== token) continue;
        const { sieve, believed } = sift(watched.sieve, price);
        watched.sieve = sieve;
        watched.gate = believed.reduce(offer, watched.gate);
        this.#send(workflowId);
      }
    }
  }

  /**
   * An order changed: its position reads the books. An update is never believed by itself. One without a tag
   * is somebody else's, and may have closed any of ours.
   */
  hint(tag: string | null): void {
    if (tag === null) this.hintAll();
    else void this.#hintOne(positionWorkflowId(this.#account, intentOfTag(tag)));
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
    void this.#signal(workflowId, { seq: this.#seq, path }, watched);
  }

  /** The position answers with a new band; without one, what gathered meanwhile goes after a pause. */
  async #signal(workflowId: string, crossing: Crossing, watched: Watched): Promise<void> {
    try {
      await this.#temporal.workflow.getHandle(workflowId).signal(crossedSignal, crossing);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) {
        this.withdraw(workflowId);
        return;
      }
      // Not delivered: the prices go again, before those that came since.
      watched.gate = { ...watched.gate, path: [...crossing.path, ...watched.gate.path] };
    }
    setTimeout(() => {
      if (this.#watched.get(workflowId) !== watched) return;
      watched.inFlight = false;
      this.#send(workflowId);
    }, answerMaxMs);
  }
}
