// The armed faults. Nothing fails unless someone asked for it. An armed fault strikes as often as asked;
// where chance is involved, it is seeded.
import { inputError } from '../engine/kiteError';
import { chanceFor, type Chance } from '../market/chance';
import type { Operation } from './operations';

/** Faults of the REST side: what happens to a request and its answer. */
export const restFaults = [
  'execute-and-timeout',
  'execute-and-say-timed-out',
  'lost-request',
  'slow',
  'server-error',
  'html-200',
  'truncated-json',
  'too-many-requests',
  'ip-refused',
] as const;

/** Faults in an order's life. */
const orderFaults = [
  'invisible-order',
  'reject-order',
  'stuck-pending',
  'cancel-fill-race',
  'ignored-modify',
] as const;

/** Faults of the market data stream. */
const tickFaults = [
  'ticker-stall',
  'half-open',
  'stale-ticks',
  'out-of-order-ticks',
  'foreign-ticks',
  'spike-ticks',
] as const;

/** Faults of the order updates on the socket. */
export const updateFaults = [
  'lost-updates',
  'duplicate-updates',
  'late-updates',
  'reordered-updates',
] as const;

const armedFaults = [...restFaults, ...orderFaults, ...tickFaults, ...updateFaults] as const;

export type FaultKind = (typeof armedFaults)[number];

/** One armed fault. */
export interface FaultSpec {
  readonly kind: FaultKind;
  /** Which requests it may strike; absent = any. */
  readonly on?: Operation | undefined;
  /** How often it may still strike; absent = until disarmed. */
  readonly times?: number | undefined;
  /** Chance of each occasion, 0-1, drawn from the seed; 1 when absent. */
  readonly probability?: number | undefined;
  /** Duration in ms where the fault has one: host ms for requests, market ms for orders and updates. */
  readonly ms?: number | undefined;
  /** HTTP status of `server-error`: 500, 502, 503 or 504. */
  readonly status?: number | undefined;
  /** Reason shown by `reject-order`. */
  readonly message?: string | undefined;
  /** Size of `spike-ticks` in percent. */
  readonly pct?: number | undefined;
}

interface Armed {
  readonly spec: FaultSpec;
  left: number;
}

export class FaultBox {
  private readonly chance: Chance;
  private armed: Armed[] = [];
  private readonly counts = new Map<FaultKind, number>();
  /** Called for every fault of a request or an order. Faults of the stream are too many. */
  listener: (kind: FaultKind, operation: Operation | undefined) => void = () => undefined;

  constructor(seed: number, specs: readonly FaultSpec[] = []) {
    this.chance = chanceFor(seed, 'faults');
    for (const spec of specs) this.arm(spec);
  }

  arm(spec: FaultSpec): void {
    this.armed.push({ spec, left: spec.times ?? Number.POSITIVE_INFINITY });
  }

  /** Disarms one kind, or all. */
  clear(kind?: FaultKind): void {
    this.armed = kind === undefined ? [] : this.armed.filter(({ spec }) => spec.kind !== kind);
  }

  /** What is armed, with how often each may still strike (null = until disarmed). */
  list(): readonly (FaultSpec & { readonly left: number | null })[] {
    return this.armed.map(({ spec, left }) => ({
      ...spec,
      left: Number.isFinite(left) ? left : null,
    }));
  }

  /** How often each kind has struck. */
  happened(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }

  /** Uses one occasion of the first armed fault of these kinds; undefined when none strikes. */
  strike(kinds: readonly FaultKind[], operation?: Operation): FaultSpec | undefined {
    const armed = this.armed.find(
      ({ spec }) => kinds.includes(spec.kind) && (spec.on === undefined || spec.on === operation),
    );
    if (armed === undefined) return undefined;
    const { spec } = armed;
    if (spec.probability !== undefined && this.chance.unit() >= spec.probability) return undefined;
    armed.left -= 1;
    if (armed.left <= 0) this.armed = this.armed.filter((one) => one !== armed);
    this.counts.set(spec.kind, (this.counts.get(spec.kind) ?? 0) + 1);
    if (isRecorded(spec.kind)) this.listener(spec.kind, operation);
    return spec;
  }

  /** Is the kind armed? For states that last, such as a stalled ticker. */
  isOn(kind: FaultKind): boolean {
    return this.armed.some(({ spec }) => spec.kind === kind);
  }
}

const isRecorded = (kind: FaultKind): boolean =>
  restFaults.some((one) => one === kind) || orderFaults.some((one) => one === kind);

/** @throws KiteError naming the kinds there are. */
export function faultKind(text: string): FaultKind {
  const found = armedFaults.find((kind) => kind === text);
  if (found !== undefined) return found;
  throw inputError(`kind must be one of ${armedFaults.join(', ')}; was "${text}"`);
}
