// The independent judge of a run. It reads the exchange's journal and nothing else, and shares no code with
// the system. It checks the invariants I1, I4, I5, I7 and I9 of docs/reliability.md.

interface Line {
  readonly at: string;
  readonly kind: string;
  readonly [field: string]: string | number | boolean | null;
}

interface Order {
  readonly id: string;
  readonly tag: string;
  readonly symbol: string;
  readonly sign: 1 | -1;
  quantity: number;
  filled: number;
  trigger: number;
  live: boolean;
}

export interface UncoveredSpan {
  readonly tag: string;
  readonly from: number;
  readonly until: number;
}

export interface Verdict {
  readonly orders: number;
  readonly fills: number;
  readonly intents: number;
  /** Longest time in ms for which something was held without a live exit order for all of it. */
  readonly longestUncoveredMs: number;
  readonly uncoveredTag: string;
  /** Every span in which something was held without that; market clock. */
  readonly uncovered: readonly UncoveredSpan[];
  /** Sentences; empty when nothing is wrong. */
  readonly violations: readonly string[];
}

const instant = (at: string): number => Date.parse(`${at.replace(' ', 'T')}+05:30`);

/** What one intent holds, and what covers it, over time. */
class Holding {
  net = 0;
  entered = 0;
  exited = 0;
  entries = 0;
  /** Sign of the entry: 1 for a long. */
  direction: 1 | -1 | 0 = 0;
  uncoveredSince: number | null = null;
  longestMs = 0;
}

/** Judges a journal's text. `graceMs` is the longest uncovered interval allowed. */
export function judge(journal: string, graceMs: number): Verdict {
  const lines = journal
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line);
  const orders = new Map<string, Order>();
  const holdings = new Map<string, Holding>();
  /** The intent that holds a stock, one at a time. Triggers and the orders they place carry no tag. */
  const ownerOf = new Map<string, string>();
  const violations: string[] = [];
  const spans: UncoveredSpan[] = [];
  let fills = 0;
  let last = 0;

  const holdingOf = (tag: string): Holding => {
    const known = holdings.get(tag) ?? new Holding();
    holdings.set(tag, known);
    return known;
  };
  const cover = (tag: string, sign: number): number =>
    [...orders.values()]
      .filter((order) => order.live && order.tag === tag && order.sign === sign)
      .reduce((sum, order) => sum + order.quantity - order.filled, 0);
  const look = (tag: string, now: number): void => {
    const holding = holdingOf(tag);
    const uncovered =
      holding.net !== 0 && cover(tag, holding.net > 0 ? -1 : 1) < Math.abs(holding.net);
    if (uncovered) holding.uncoveredSince ??= now;
    else if (holding.uncoveredSince !== null) {
      holding.longestMs = Math.max(holding.longestMs, now - holding.uncoveredSince);
      spans.push({ tag, from: holding.uncoveredSince, until: now });
      holding.uncoveredSince = null;
    }
  };
  // A protective SELL's trigger only rises, a BUY's only falls.
  const moveStop = (order: Order, trigger: number, at: string): void => {
    if (trigger > 0 && order.trigger > 0 && order.sign * (trigger - order.trigger) > 0)
      violations.push(`I5: the stop of ${order.tag} was loosened at ${at}`);
    if (trigger > 0) order.trigger = trigger;
  };
  const take: Readonly<Record<string, (line: Line, now: number) => void>> = {
    place: (line, now) => {
      const symbol = String(line['tradingsymbol']);
      const tag = String(line['tag'] ?? (line['placer'] === 'gtt' ? ownerOf.get(symbol) : ''));
      ownerOf.set(symbol, tag);
      const sign = line['side'] === 'BUY' ? 1 : -1;
      const holding = holdingOf(tag);
      if (holding.direction === 0) holding.direction = sign;
      if (sign === holding.direction) holding.entries += 1;
      if (holding.entries > 1) violations.push(`I1: a second entry of ${tag} at ${line.at}`);
      orders.set(String(line['orderId']), {
        id: String(line['orderId']),
        tag,
        symbol,
        sign,
        quantity: Number(line['quantity']),
        filled: 0,
        live: true,
        trigger: Number(line['triggerPrice'] ?? 0),
      });
      look(tag, now);
    },
    modify: (line, now) => {
      const order = orders.get(String(line['orderId']));
      if (order === undefined) return;
      moveStop(order, Number(line['triggerPrice'] ?? 0), line.at);
      if (line['quantity'] !== undefined) order.quantity = Number(line['quantity']);
      look(order.tag, now);
    },
    gtt: (line, now) => {
      const id = `gtt-${String(line['id'])}`;
      const symbol = String(line['tradingsymbol']);
      const tag = ownerOf.get(symbol) ?? '';
      const sign = line['side'] === 'BUY' ? 1 : -1;
      const order = orders.get(id) ?? {
        id,
        tag,
        symbol,
        sign,
        quantity: 0,
        filled: 0,
        trigger: 0,
        live: true,
      };
      orders.set(id, order);
      order.live = line['status'] === 'active';
      order.quantity = Number(line['quantity']);
      moveStop(order, Number(line[sign === -1 ? 'lower' : 'upper']), line.at);
      look(order.tag, now);
    },
    fill: (line, now) => {
      const order = orders.get(String(line['orderId']));
      if (order === undefined) return;
      fills += 1;
      const quantity = Number(line['quantity']);
      const holding = holdingOf(order.tag);
      order.filled += quantity;
      holding.net += order.sign * quantity;
      if (order.sign === holding.direction) holding.entered += quantity;
      else holding.exited += quantity;
      if (holding.exited > holding.entered)
        violations.push(`I9: more was left than entered of ${order.tag} at ${line.at}`);
      if (order.filled >= order.quantity) order.live = false;
      look(order.tag, now);
    },
    final: (line, now) => {
      const order = orders.get(String(line['orderId']));
      if (order === undefined) return;
      order.live = false;
      look(order.tag, now);
    },
  };
  for (const line of lines) {
    last = instant(line.at);
    take[line.kind]?.(line, last);
  }
  let longest = 0;
  let uncoveredTag = '';
  for (const [tag, holding] of holdings) {
    if (holding.uncoveredSince !== null) {
      holding.longestMs = Math.max(holding.longestMs, last - holding.uncoveredSince);
      spans.push({ tag, from: holding.uncoveredSince, until: last });
    }
    if (holding.net !== 0) violations.push(`I7: ${tag} still holds ${holding.net} at the end`);
    if (holding.longestMs > longest) [longest, uncoveredTag] = [holding.longestMs, tag];
  }
  for (const order of orders.values())
    if (order.live) violations.push(`I7: order ${order.id} of ${order.tag} is live at the end`);
  if (longest > graceMs)
    violations.push(`I4: ${uncoveredTag} was uncovered for ${longest} ms, more than ${graceMs} ms`);
  return {
    orders: orders.size,
    fills,
    intents: holdings.size,
    longestUncoveredMs: longest,
    uncoveredTag,
    uncovered: spans,
    violations,
  };
}
