// The checker's account of one intent, from the record alone: what was held when, which exit was live when,
// which stops came to rest, and where holding and exits did not match.
import type { Approval, RecordLine, SessionRecord } from './journal';
import { StrangerSales } from './strangerSales';

/** A time in which the live exits were not exactly what was held. */
export interface UncoveredSpan {
  readonly from: number;
  readonly ms: number;
  /** Its longest part without another fault striking: what repair took once it could. */
  readonly sinceFaultMs: number;
  readonly held: number;
  readonly live: number;
  /**
   * excess: the exits were for more than was held; blind: the broker hid an order from every book;
   * faulted: a fault of the broker struck around it.
   */
  readonly kind: 'plain' | 'faulted' | 'blind' | 'excess';
  /** Of it, how long our own process was down or about to be noticed so. */
  readonly excusedMs: number;
}

export interface OverExit {
  readonly from: number;
  readonly ms: number;
  /** Its longest part without another fault striking. */
  readonly sinceFaultMs: number;
  readonly surplus: number;
  /** Had anything happened before it that can leave two exits? */
  readonly excused: boolean;
  /** Was an order hidden by the broker then? */
  readonly isBlind: boolean;
  readonly excusedMs: number;
}

export interface IntentStory {
  readonly tag: string;
  readonly approval: Approval;
  readonly exposures: readonly { readonly at: number; readonly held: number }[];
  readonly uncovered: readonly UncoveredSpan[];
  readonly overExits: readonly OverExit[];
  readonly stops: readonly {
    readonly at: number;
    readonly trigger: number;
    readonly late: boolean;
  }[];
  readonly entryTaken: boolean;
  /** Of a position that is flat at the end; null when it is not. */
  readonly grossPnl: number | null;
  readonly heldAt: (at: number) => number;
  readonly liveAt: (at: number) => number;
  readonly momentAt: (at: number) => Omit<Moment, 'at'>;
  /** Trigger of the stop that rested then; null without one. */
  readonly stopAt: (at: number) => number | null;
  readonly changedSince: (at: number) => boolean;
  readonly wasLockedAfter: (at: number) => boolean;
  /** Has one of its triggers been met since? */
  readonly wasMetAfter: (at: number) => boolean;
}

interface LiveOrder {
  readonly side: string;
  readonly tag: string;
  quantity: number;
  filled: number;
  /** When what it is now was asked for. */
  placedAt: number;
}

/** What there is at an instant. */
export interface Moment {
  readonly at: number;
  readonly held: number;
  /** Quantity left in live exit orders. */
  readonly cover: number;
  readonly liveOrders: number;
  /** Of them, triggers the broker keeps outside the exchange. */
  readonly triggers: number;
}

interface Span {
  readonly from: Moment;
  readonly to: number;
  readonly worst: Moment;
}

/** Faults of the broker's that excuse the longer bound, when this near before or during a span. */
const faultReachMs = 15_000;
/** Longer than this from the broker to the exchange is a fault's doing. */
const passageMs = 500;
/** How soon a dead worker's unanswered call is given up. */
const noticedMs = 2_000;

/** A fault of the exchange, not of one request. */
const isOfExchange = ({ fault }: RecordLine): boolean =>
  fault === 'lock' || fault === 'stuck-pending';

const triggerOrder = (line: RecordLine): string => `gtt-${String(line['id'])}`;

export function followIntent(record: SessionRecord, approval: Approval): IntentStory {
  const teller = new Teller(record, approval);
  const ranked = record.lines.map((line) => ({ line, rank: teller.rankOf(line) }));
  ranked.sort((one, other) => one.line.at - other.line.at || one.rank - other.rank);
  for (const { line } of ranked) teller.take(line);
  return teller.story();
}

class Teller {
  readonly #record: SessionRecord;
  readonly #approval: Approval;
  readonly #d: 1 | -1;
  readonly #orders = new Map<string, LiveOrder>();
  readonly #strangers: StrangerSales;
  readonly #trades = new Set<string>();
  readonly #moments: Moment[] = [];
  readonly #stops: { orderId: string; at: number; trigger: number; late: boolean }[] = [];
  readonly #endedAt = new Map<string, number>();
  readonly #signed = { own: 0, foreign: 0, adopted: 0 };
  readonly #values = { entered: 0, entries: 0, exited: 0, exits: 0 };
  /** Orders that our triggers have placed: they bear no tag. */
  readonly #legs = new Set<string>();
  readonly #triggers = new Set<string>();
  #metAt = -1;
  #entryTaken = false;
  #late = false;
  #lockedUntil = -1;
  #unlockAt = -1;

  constructor(record: SessionRecord, approval: Approval) {
    this.#record = record;
    this.#approval = approval;
    this.#strangers = new StrangerSales(approval);
    this.#d = approval.direction === 'LONG' ? 1 : -1;
    this.#findTriggers();
  }

  /** A trigger bears no tag: it belongs to the request that was carried out when it was placed. */
  #findTriggers(): void {
    let asker: unknown;
    for (const line of this.#record.lines) {
      if (line.kind === 'request') asker = line['tag'];
      if (line.kind !== 'gtt') continue;
      const id = triggerOrder(line);
      if (line['event'] === 'placed' && asker === this.#approval.tag) this.#triggers.add(id);
      if (line['event'] === 'triggered' && this.#triggers.has(id) && line['orderId'] !== null)
        this.#legs.add(String(line['orderId']));
    }
  }

  /** Does the line bear the intent's tag, or that of its correction? */
  #isOurs(line: RecordLine): boolean {
    const { tag } = this.#approval;
    if (this.#legs.has(String(line['orderId']))) return true;
    return line['tag'] === tag || line['tag'] === `${tag}c`;
  }

  /** A trade of the same stock in another product is another position. */
  #isOfStock(line: RecordLine): boolean {
    const { tradingsymbol, product } = this.#approval;
    const isSame = line['product'] === undefined || line['product'] === product;
    return line['tradingsymbol'] === tradingsymbol && isSame;
  }

  /** Trades of one instant have no order of their own: our entries count first, then strangers', then the rest. */
  rankOf(line: RecordLine): number {
    if (line.kind !== 'fill') return 2;
    if (!this.#isOurs(line)) return 1;
    return this.#closes(String(line['side'])) ? 2 : 0;
  }

  take(line: RecordLine): void {
    const own = this.#isOurs(line);
    switch (line.kind) {
      case 'place':
      case 'order':
        this.#told(line, own);
        return;
      case 'fill':
        if (this.#isOfStock(line)) this.#filled(line, own);
        return;
      case 'gtt':
        if (this.#triggers.has(triggerOrder(line))) this.#triggered(line);
        return;
      case 'lateRequest':
        this.#late = own;
        return;
      case 'lateRequestEnd':
        this.#late = false;
        return;
      case 'lock':
        if (line['tradingsymbol'] === this.#approval.tradingsymbol) this.#lockedUntil = Infinity;
        return;
      case 'unlock':
        if (line['tradingsymbol'] !== this.#approval.tradingsymbol) return;
        this.#lockedUntil = line.at;
        this.#unlockAt = line.at;
        return;
      default:
        return;
    }
  }

  #told(line: RecordLine, own: boolean): void {
    if (!own) {
      if (this.#strangers.take(line)) this.#note(line.at);
    } else if (line.kind === 'place') this.#placed(line);
    else this.#ordered(line);
  }

  story(): IntentStory {
    const { tag } = this.#approval;
    const last = this.#moments.at(-1);
    const moment = (at: number): Moment | undefined =>
      this.#moments.findLast((one) => one.at <= at);
    const { entered, entries, exited, exits } = this.#values;
    return {
      tag,
      approval: this.#approval,
      exposures: this.#moments,
      uncovered: this.#mismatches().map((span) => this.#uncovered(span)),
      overExits: this.#spans((one) => one.held < 0).map((span) => this.#overExit(span)),
      stops: this.#stops,
      entryTaken: this.#entryTaken,
      grossPnl: (last?.held ?? 0) === 0 && entries === exits ? this.#d * (exited - entered) : null,
      heldAt: (at) => moment(at)?.held ?? 0,
      stopAt: (at) =>
        this.#stops.findLast(
          (one) => one.at <= at && (this.#endedAt.get(one.orderId) ?? Infinity) > at,
        )?.trigger ?? null,
      liveAt: (at) => moment(at)?.liveOrders ?? 0,
      momentAt: (at) => moment(at) ?? { held: 0, cover: 0, liveOrders: 0, triggers: 0 },
      changedSince: (at) => this.#moments.some((one) => one.at > at && one.at <= at + 5_000),
      wasMetAfter: (at) => this.#metAt > at,
      wasLockedAfter: (at) => Math.max(this.#lockedUntil, this.#unlockAt) > at,
    };
  }

  #placed(line: RecordLine): void {
    const side = String(line['side']);
    if (line['tag'] === this.#approval.tag && !this.#closes(side)) this.#entryTaken = true;
    this.#orders.set(String(line['orderId']), {
      side,
      tag: String(line['tag'] ?? this.#approval.tag),
      quantity: Number(line['quantity']),
      filled: 0,
      placedAt: line.at,
    });
    this.#note(line.at);
  }

  /** Placed, moved, met or deleted: while it is active it is an exit like any other. */
  #triggered(line: RecordLine): void {
    const orderId = triggerOrder(line);
    if (line['status'] === 'active') {
      const order = { side: String(line['side']), quantity: Number(line['quantity']), filled: 0 };
      this.#orders.set(orderId, { ...order, tag: this.#approval.tag, placedAt: line.at });
      const trigger = Number(line[this.#d === 1 ? 'lower' : 'upper']);
      this.#stops.push({ orderId, at: line.at, trigger, late: this.#late || this.#wasLate(line) });
    } else {
      if (line['status'] === 'triggered') this.#metAt = line.at;
      this.#orders.delete(orderId);
      this.#endedAt.set(orderId, line.at);
    }
    this.#note(line.at);
  }

  #ordered(line: RecordLine): void {
    const orderId = String(line['orderId']);
    const order = this.#orders.get(orderId);
    if (order === undefined) return;
    order.quantity = Number(line['quantity']);
    if (line['event'] === 'final') {
      this.#orders.delete(orderId);
      this.#endedAt.set(orderId, line.at);
    }
    const rests = line['event'] === 'opened' || line['event'] === 'modified';
    if (line['event'] === 'modified') order.placedAt = line.at;
    if (rests && line['status'] === 'TRIGGER PENDING' && line['tag'] === this.#approval.tag)
      this.#stops.push({
        orderId,
        at: line.at,
        trigger: Number(line['trigger']),
        late: this.#late || this.#wasLate(line) || line.at > order.placedAt + passageMs,
      });
    this.#note(line.at);
  }

  /** Was a request of ours carried out long after it was sent, so that what it set is out of date? */
  #wasLate({ at }: RecordLine): boolean {
    const { tag } = this.#approval;
    return this.#record.lines.some(
      (line) =>
        line.kind === 'lateRequest' &&
        line['tag'] === tag &&
        line.at <= at &&
        line.at > at - passageMs,
    );
  }

  #filled(line: RecordLine, own: boolean): void {
    const tradeId = String(line['tradeId']);
    if (this.#trades.has(tradeId)) return;
    this.#trades.add(tradeId);
    const quantity = Number(line['quantity']);
    const side = String(line['side']);
    const signed = this.#d * (side === 'BUY' ? 1 : -1) * quantity;
    const value = quantity * Number(line['price']);
    if (own) this.#ownFill(line, signed, value);
    else if (!/^R\d{6}/.test(String(line['tag'] ?? ''))) this.#foreignFill(signed, value);
    this.#note(line.at);
  }

  #ownFill(line: RecordLine, signed: number, value: number): void {
    const order = this.#orders.get(String(line['orderId']));
    if (order !== undefined) order.filled += Number(line['quantity']);
    this.#signed.own += signed;
    if (signed > 0) {
      this.#values.entered += value;
      this.#values.entries += signed;
    } else {
      this.#values.exited += value;
      this.#values.exits -= signed;
    }
  }

  /** A stranger's trade counts as our exit as far as it lowers what the account holds of ours. */
  #foreignFill(signed: number, value: number): void {
    if (this.#values.entries === 0) return;
    this.#signed.foreign += signed;
    const room = Math.max(0, this.#signed.own - this.#signed.adopted);
    const lowered = Math.max(0, -this.#signed.foreign - this.#signed.adopted);
    const taken = Math.min(room, lowered, Math.max(0, -signed));
    if (taken === 0) return;
    this.#signed.adopted += taken;
    this.#values.exited += (value / -signed) * taken;
    this.#values.exits += taken;
  }

  readonly #closes = (side: string): boolean => (side === 'SELL') === (this.#d === 1);

  #note(at: number): void {
    const live = [...this.#orders.values()];
    const exits = live.filter(({ tag, side }) => tag === this.#approval.tag && this.#closes(side));
    const held = this.#signed.own - this.#signed.adopted;
    const left = (orders: readonly LiveOrder[]): number =>
      orders.reduce((sum, { quantity, filled }) => sum + quantity - filled, 0);
    // Shares a stranger is selling are covered by that sale, as far as they are held: no order of ours could.
    const gap = Math.max(0, held - left(exits));
    this.#moments.push({
      at,
      held,
      cover: left(exits) + Math.min(gap, this.#strangers.left),
      liveOrders: live.length,
      triggers: [...this.#orders.keys()].filter((orderId) => this.#triggers.has(orderId)).length,
    });
  }

  /**
   * For how long each share was without an exit, or each share of an exit without something to close:
   * counted share by share, so that one that came a moment ago does not count as long as the first.
   */
  #mismatches(): Span[] {
    const spans = new Map<string, Span>();
    const since = new Map<number, Moment>();
    const moments = this.#settled();
    for (const moment of [
      ...moments,
      { at: this.#record.endAt, held: 0, cover: 0, liveOrders: 0, triggers: 0 },
    ]) {
      const { held, cover } = moment;
      const [low, high] = held > 0 ? [Math.min(held, cover), Math.max(held, cover)] : [0, 0];
      for (const [level, from] of since) {
        if (level > low && level <= high && this.#sameSide(from, moment)) continue;
        since.delete(level);
        spans.set(`${from.at}/${moment.at}`, { from, to: moment.at, worst: from });
      }
      for (let level = low + 1; level <= high; level += 1)
        if (!since.has(level)) since.set(level, moment);
    }
    return [...spans.values()];
  }

  readonly #sameSide = (one: Moment, other: Moment): boolean =>
    one.held > one.cover === other.held > other.cover;

  /** The last moment of each instant: what is in between nobody could see. */
  #settled(): readonly Moment[] {
    return this.#moments.filter((moment, index) => this.#moments[index + 1]?.at !== moment.at);
  }

  /** Maximal spans of moments in which it holds; several moments of one instant count as the last. */
  #spans(holds: (moment: Moment) => boolean): Span[] {
    const spans: Span[] = [];
    let open = null as { from: Moment; worst: Moment } | null;
    for (const moment of this.#settled()) {
      if (holds(moment)) open = { from: open?.from ?? moment, worst: moment };
      else if (open !== null) {
        spans.push({ ...open, to: moment.at });
        open = null;
      }
    }
    if (open !== null) spans.push({ ...open, to: this.#record.endAt });
    return spans;
  }

  #uncovered({ from, to, worst }: Span): UncoveredSpan {
    // From its square-off on the broker cancels our orders and closes by itself.
    const isCarried = this.#approval.product === 'CNC';
    const end = isCarried ? to : Math.min(to, this.#record.cutOffAt);
    const ms = Math.max(0, end - from.at);
    return {
      from: from.at,
      ms,
      sinceFaultMs: this.#longestSinceFault(from.at, end),
      held: worst.held,
      live: worst.cover,
      kind: this.#kindOf(from, end),
      excusedMs: this.#downMs(from.at, end),
    };
  }

  #longestSinceFault(from: number, to: number): number {
    const struck = this.#faultsBetween(from, to).map(({ at }) => at);
    const instants = [from, ...struck, to];
    return Math.max(0, ...instants.slice(1).map((at, index) => at - (instants[index] ?? at)));
  }

  #kindOf({ at: from, cover, held }: Moment, to: number): UncoveredSpan['kind'] {
    const hidden = this.#record.lines.some(
      (line) =>
        line.kind === 'hidden' &&
        this.#isOurs(line) &&
        line.at <= to &&
        Number(line['until']) >= from,
    );
    if (hidden) return 'blind';
    if (cover > held) return 'excess';
    return this.#faultsBetween(from - faultReachMs, to).length > 0 ? 'faulted' : 'plain';
  }

  /** A fault of the broker: of this intent's requests, or of the exchange or account as a whole. */
  #faultsBetween(from: number, to: number): readonly RecordLine[] {
    return this.#record.lines.filter((line) => {
      if (line.at < from || line.at > to) return false;
      if (line.kind === 'order') return line['status'] === 'REJECTED' && this.#isOurs(line);
      return line.kind === 'fault' && (this.#isOurs(line) || isOfExchange(line));
    });
  }

  #downMs(from: number, to: number): number {
    return this.#record.lines
      .filter((line) => line.kind === 'down' || (line.kind === 'stuck' && this.#isOurs(line)))
      .reduce((sum, line) => {
        const until = Math.max(Number(line['until']), line.at + noticedMs);
        return sum + Math.max(0, Math.min(to, until) - Math.max(from, line.at));
      }, 0);
  }

  #overExit({ from, to, worst }: Span): OverExit {
    const excused = this.#record.lines.some(
      (line) =>
        line.at <= from.at &&
        ((line.kind === 'fault' && this.#isOurs(line)) ||
          line.kind === 'hidden' ||
          line.kind === 'down' ||
          line.kind === 'stuck'),
    );
    return {
      from: from.at,
      ms: to - from.at,
      sinceFaultMs: this.#longestSinceFault(from.at, to),
      surplus: -worst.held,
      isBlind: this.#kindOf(from, to) === 'blind',
      excused,
      excusedMs: this.#downMs(from.at, to) + this.#lockedMs(from.at, to),
    };
  }

  /** While the stock is locked nobody sells what has to be bought back. */
  #lockedMs(from: number, to: number): number {
    const { tradingsymbol } = this.#approval;
    const changes = this.#record.lines.filter(
      (line) =>
        (line.kind === 'lock' || line.kind === 'unlock') && line['tradingsymbol'] === tradingsymbol,
    );
    return changes.reduce((sum, { kind, at }, index) => {
      const until = changes[index + 1]?.at ?? to;
      return kind === 'lock' ? sum + Math.max(0, Math.min(to, until) - Math.max(from, at)) : sum;
    }, 0);
  }
}
