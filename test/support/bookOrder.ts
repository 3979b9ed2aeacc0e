// An order in the broker's book: a filled entry, unless a test says otherwise.
import type { BookOrder } from '../../domain/orders/order';
import { epochMs, paise, shares } from '../../domain/units';

const filledEntry: BookOrder = {
  orderId: 'e',
  tag: 'R1T1',
  tradingsymbol: 'TEST',
  side: 'BUY',
  product: 'MIS',
  orderType: 'LIMIT',
  status: 'COMPLETE',
  statusMessage: null,
  quantity: shares(10),
  filledQuantity: shares(10),
  price: paise(1000),
  trigger: paise(0),
  placedAt: epochMs(0),
};

export const bookOrder = (changes: Partial<BookOrder> = {}): BookOrder => ({
  ...filledEntry,
  ...changes,
});
