// A broker for tests of the position machine. Outcomes of orders are drawn from a seed, the difficult ones
// included: executed but unanswered, lost, rejected, filled in parts. It shares no code with domain/.
export interface SimulatedOrder {
  readonly orderId: string;
  readonly tag: string;
  readonly side: 'BUY' | 'SELL';
  quantity: number;
  filled: number;
  type: 'LIMIT' | 'SL';
  price: number;
  trigger: number;
  status: 'OPEN' | 'TRIGGER PENDING' | 'COMPLETE' | 'CANCELLED' | 'REJECTED';
}

export interface SimulatedFill {
  readonly tradeId: string;
  readonly orderId: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly price: number;
}

export interface Draw {
  /** What becomes of a write: done and answered, done but unanswered, lost, or refused. */
  readonly write: () => 'ok' | 'doneUnanswered' | 'lost' | 'rejected';
  /** Share of the rest a match fills. */
  readonly share: () => number;
}

interface Wish {
  readonly tag: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly pricing: {
    readonly kind: 'LIMIT' | 'SL' | 'OCO';
    readonly price: number;
    readonly trigger?: number;
  };
}

export type Answer =
  | { kind: 'accepted'; orderId: string }
  | { kind: 'rejected'; code: string; message: string }
  | { kind: 'inDoubt'; message: string };

export class SimulatedBroker {
  readonly orders: SimulatedOrder[] = [];
  readonly fills: SimulatedFill[] = [];
  price: number;
  /** Trades on the account by orders that are not ours. */
  readonly foreign: (SimulatedFill & { readonly byBroker: boolean })[] = [];
  readonly #draw: Draw;

  constructor(price: number, draw: Draw) {
    this.price = price;
    this.#draw = draw;
  }

  place(wish: Wish): Answer {
    return this.#write(() => {
      const orderId = `o${this.orders.length + 1}`;
      const { price, trigger = 0 } = wish.pricing;
      const kind = ofTheExchange(wish);
      this.orders.push({
        orderId,
        tag: wish.tag,
        side: wish.side,
        quantity: wish.quantity,
        filled: 0,
        type: kind,
        price,
        trigger,
        status: kind === 'SL' ? 'TRIGGER PENDING' : 'OPEN',
      });
      return orderId;
    });
  }

  modify(orderId: string, wish: Wish): Answer {
    const order = this.#live(orderId);
    if (order === undefined)
      return { kind: 'rejected', code: 'OrderException', message: 'Order cannot be modified' };
    return this.#write(() => {
      const { price, trigger = 0 } = wish.pricing;
      const kind = ofTheExchange(wish);
      Object.assign(order, {
        quantity: wish.quantity,
        type: kind,
        price,
        trigger,
        status: kind === 'SL' ? 'TRIGGER PENDING' : 'OPEN',
      });
      return orderId;
    });
  }

  cancel(orderId: string): Answer {
    const order = this.#live(orderId);
    if (order === undefined)
      return { kind: 'rejected', code: 'OrderException', message: 'Order cannot be cancelled' };
    return this.#write(() => {
      order.status = 'CANCELLED';
      return orderId;
    });
  }

  /** Moves the price, triggers stops and fills what is marketable. */
  move(price: number): void {
    this.price = price;
    for (const order of this.orders) {
      const sign = order.side === 'BUY' ? 1 : -1;
      if (order.status === 'TRIGGER PENDING' && sign * (price - order.trigger) >= 0) {
        order.status = 'OPEN';
        order.type = 'LIMIT';
      }
      if (order.status !== 'OPEN' || sign * (order.price - price) < 0) continue;
      const quantity = Math.max(
        1,
        Math.round((order.quantity - order.filled) * this.#draw.share()),
      );
      order.filled += quantity;
      this.fills.push({
        tradeId: `t${this.fills.length + 1}`,
        orderId: order.orderId,
        side: order.side,
        quantity,
        price,
      });
      if (order.filled >= order.quantity) order.status = 'COMPLETE';
    }
  }

  /** Somebody else trades the stock on the same account. */
  tradeElsewhere(side: 'BUY' | 'SELL', quantity: number, byBroker = false): void {
    const id = `f${this.foreign.length + 1}`;
    this.foreign.push({ tradeId: id, orderId: id, side, quantity, price: this.price, byBroker });
  }

  /** What the account holds of the stock, whoever traded it. */
  get net(): number {
    return [...this.fills, ...this.foreign].reduce(
      (sum, { side, quantity }) => sum + (side === 'BUY' ? 1 : -1) * quantity,
      0,
    );
  }

  live(side: 'BUY' | 'SELL'): SimulatedOrder[] {
    return this.orders.filter(
      (order) => order.side === side && ['OPEN', 'TRIGGER PENDING'].includes(order.status),
    );
  }

  filled(side: 'BUY' | 'SELL'): number {
    return this.fills
      .filter((fill) => fill.side === side)
      .reduce((sum, fill) => sum + fill.quantity, 0);
  }

  #live(orderId: string): SimulatedOrder | undefined {
    return this.orders.find(
      (order) => order.orderId === orderId && ['OPEN', 'TRIGGER PENDING'].includes(order.status),
    );
  }

  #write(apply: () => string): Answer {
    switch (this.#draw.write()) {
      case 'ok':
        return { kind: 'accepted', orderId: apply() };
      case 'doneUnanswered':
        apply();
        return {
          kind: 'inDoubt',
          message: 'No response from server with error code: ECONNABORTED',
        };
      case 'lost':
        return { kind: 'inDoubt', message: 'No response from server with error code: ECONNRESET' };
      case 'rejected':
        return { kind: 'rejected', code: 'InputException', message: 'refused by the draw' };
    }
  }
}

function ofTheExchange({ pricing: { kind } }: Wish): 'LIMIT' | 'SL' {
  if (kind === 'OCO') throw new Error('this broker knows no triggers outside the exchange');
  return kind;
}
