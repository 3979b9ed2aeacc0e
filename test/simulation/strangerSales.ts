// The checker's account of delivery shares that foreign orders are selling. Such shares cannot be sold again,
// so no order of ours could cover them.
import type { Approval, RecordLine } from './journal';

interface Sale {
  quantity: number;
  filled: number;
}

export class StrangerSales {
  readonly #approval: Approval;
  readonly #live = new Map<string, Sale>();

  constructor(approval: Approval) {
    this.#approval = approval;
  }

  /** Shares still on sale. */
  get left(): number {
    return [...this.#live.values()].reduce(
      (sum, { quantity, filled }) => sum + quantity - filled,
      0,
    );
  }

  /** @param line of a stranger. @returns whether anything has changed. */
  take(line: RecordLine): boolean {
    const orderId = String(line['orderId']);
    if (line.kind === 'place' && this.#isSale(line)) {
      this.#live.set(orderId, { quantity: Number(line['quantity']), filled: 0 });
      return true;
    }
    const sale = this.#live.get(orderId);
    if (line.kind !== 'order' || sale === undefined) return false;
    sale.quantity = Number(line['quantity']);
    sale.filled = Number(line['filled']);
    if (line['event'] === 'final') this.#live.delete(orderId);
    return true;
  }

  #isSale(line: RecordLine): boolean {
    const { tradingsymbol, product } = this.#approval;
    const isOfStock = line['tradingsymbol'] === tradingsymbol && line['product'] === 'CNC';
    const isTagged = line['tag'] !== null && line['tag'] !== undefined;
    return product === 'CNC' && isOfStock && line['side'] === 'SELL' && !isTagged;
  }
}
