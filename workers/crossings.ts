// Bands in, crossing signals out. A position is signalled only prices that change something for it, one
// signal in flight at a time. What comes meanwhile goes with the next signal.
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Pool } from 'pg';
import type { FeedTick, OrderUpdate } from '../broker/port';
import type { OrderReport } from '../domain/orders/order';
import {
  drained,
  offer,
  openGate,
  openSieve,
  sift,
  type TickGate,
  type TickSieve,
  type Unanswered,
} from '../domain/trailing';
import { intentOfTag } from '../domain/position';
import { epochMs, paise, type EpochMs } from '../domain/units';
import {
  crossedSignal,
  orderHintSignal,
  positionWorkflowId,
  type Crossing,
} from '../workflows/messages';

/** How long a position may take to answer a signal with a new band. After that more is sent. */
const answerMaxMs = 1_000;

interface Watched {
  readonly token: number;
  readonly version: number;
  gate: TickGate;
  sieve: TickSieve;
  inFlight: boolean;
  /** Since when a crossing of this band waits for the position's answer, host clock; null while none does. */
  crossedAt: EpochMs | null;
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

async function nextEpoch(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ epoch: string }>(`select nextval('gateway_epoch') as epoch`);
  return Number(rows[0]?.epoch);
}

export class Crossings {
  readonly #temporal: Client;
  readonly #pool: Pool;
  readonly #account: string;
  readonly #watched = new Map<string, Watched>();
  /** This gateway's start, counted by the database: a clock that steps back would make its signals repeats. */
  #epoch = 0;
  #seq = 0;

  constructor(temporal: Client, pool: Pool, account: string) {
    this.#temporal = temporal;
    this.#pool = pool;
    this.#account = account;
  }

  async load(): Promise<void> {
    this.#epoch = await nextEpoch(this.#pool);
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
      // Prices believed so far stay believed.
      sieve: { ...(known?.sieve ?? openSieve(limits)), ...limits },
      inFlight: false,
      crossedAt: null,
    });
    this.#send(row.workflow_id);
  }

  /** Instruments of open positions, subscribed whatever the day watches. */
  tokens(): readonly number[] {
    return [...new Set([...this.#watched.values()].map(({ token }) => token))];
  }

  /** The crossings that wait for an answer. */
  unanswered(): readonly Unanswered[] {
    return [...this.#watched].flatMap(([workflowId, { crossedAt }]) =>
      crossedAt === null ? [] : [{ workflowId, since: crossedAt }],
    );
  }

  withdraw(workflowId: string): void {
    this.#watched.delete(workflowId);
  }

  take(ticks: readonly FeedTick[]): void {
    for (const { token, price } of ticks) {
      if (!Number.isSafeInteger(price) || price <= 0) continue;
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
   * An order has changed, so its position reads the books, and covers at once what the update says has
   * filled. An update without a tag is of somebody else's order, which may have closed any of our positions.
   */
  hint({ tag, report }: OrderUpdate): void {
    if (tag === null) this.hintAll();
    else void this.#hintOne(positionWorkflowId(this.#account, intentOfTag(tag)), report);
  }

  hintAll(): void {
    for (const workflowId of this.#watched.keys()) void this.#hintOne(workflowId);
  }

  async #hintOne(workflowId: string, report: OrderReport | null = null): Promise<void> {
    // A foreign tag or a finished position has no workflow to signal.
    await this.#temporal.workflow
      .getHandle(workflowId)
      .signal(orderHintSignal, ...(report === null ? [] : [report]))
      .catch(() => undefined);
  }

  #send(workflowId: string): void {
    const watched = this.#watched.get(workflowId);
    if (watched === undefined || watched.inFlight || watched.gate.path.length === 0) return;
    const { path } = watched.gate;
    watched.crossedAt ??= epochMs(Date.now());
    watched.gate = drained(watched.gate);
    watched.inFlight = true;
    this.#seq += 1;
    void this.#signal(workflowId, { epoch: this.#epoch, seq: this.#seq, path }, watched);
  }

  /**
   * Sends a crossing. The position answers with a new band. Without an answer, what gathered meanwhile is
   * sent after a pause.
   */
  async #signal(workflowId: string, crossing: Crossing, watched: Watched): Promise<void> {
    try {
      await this.#temporal.workflow.getHandle(workflowId).signal(crossedSignal, crossing);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) {
        this.withdraw(workflowId);
        return;
      }
      // Not delivered: these prices are sent again, before those that came since.
      watched.gate = { ...watched.gate, path: [...crossing.path, ...watched.gate.path] };
    }
    setTimeout(() => {
      if (this.#watched.get(workflowId) !== watched) return;
      watched.inFlight = false;
      this.#send(workflowId);
    }, answerMaxMs);
  }
}
