// Compares our records with the broker's books: what to adopt, what to cancel, what to report and leave
// alone. It looks at what is, not at what happened, so comparing twice changes nothing. Books that cannot be
// read never get here: an error is not a flat account.
import { isLive, netFilled, type BookOrder } from '../orders/order';
import {
  beyondApproved,
  intentOfTag,
  isIntentTag,
  orderedUnder,
  type ApprovedEntry,
  type InstallationId,
} from '../position';
import type { Product } from '../units';

/** An intent of the day as our records have it. */
export interface KnownIntent extends ApprovedEntry {
  readonly tradingsymbol: string;
  readonly product: Product;
  /** A position workflow of it is running and looks after its own orders. */
  readonly running: boolean;
  /** How often the task its workflow waits for has been tried; 0 when it waits for none. */
  readonly taskAttempts: number;
  /** Signed quantity of foreign trades the position has adopted as its exits. */
  readonly adopted: number;
  /** Signed quantity held from earlier sessions. */
  readonly carried: number;
  /**
   * Why a carried position must not be adopted without a person; null where it may be, or nothing was
   * carried.
   */
  readonly notCarried: string | null;
}

export type Finding =
  /** Held or still being bought by an order of ours, and no workflow looks after it. */
  | { readonly kind: 'adopt'; readonly intentId: string }
  /**
   * Its workflow fails the same task again and again, so nobody moves its orders. It is to be ended and
   * adopted.
   */
  | { readonly kind: 'stuck'; readonly intentId: string; readonly attempts: number }
  /** Carried over, but the account no longer looks like it. A person has to look. */
  | {
      readonly kind: 'notCarried';
      readonly intentId: string;
      readonly tradingsymbol: string;
      readonly why: string;
    }
  /**
   * More was ordered under its tag than risk has approved. Its position covers all that is held and tells a
   * person; the stock is not entered.
   */
  | {
      readonly kind: 'beyondApproved';
      readonly intentId: string;
      readonly tradingsymbol: string;
      readonly approved: number;
      readonly ordered: number;
    }
  /** A live order of ours that protects nothing. */
  | { readonly kind: 'orphan'; readonly orderId: string; readonly tag: string }
  /** Another installation of Ratchet trades the account: its order bears a tag of our form that names it. */
  | {
      readonly kind: 'otherInstallation';
      readonly installation: InstallationId;
      readonly orderId: string;
      readonly tag: string;
    }
  /** Held by orders that are not ours. The stock is left alone and not entered. */
  | {
      readonly kind: 'foreign';
      readonly tradingsymbol: string;
      /** Signed: what the account holds beyond what our orders have traded. */
      readonly quantity: number;
    };

/**
 * The intent an order belongs to, as entry, exit or correction; null where the order is not ours. Our tag on
 * another stock is not.
 */
function intentOf(
  { tag, tradingsymbol, product }: BookOrder,
  known: ReadonlyMap<string, KnownIntent>,
): string | null {
  if (tag === null || !isIntentTag(tag)) return null;
  const intent = known.get(intentOfTag(tag));
  return intent?.tradingsymbol === tradingsymbol && intent.product === product
    ? intent.intentId
    : null;
}

/**
 * @param orders the account's orders of the day.
 * @param netQuantities signed holding by `SYMBOL/MIS`.
 */
export function compareBooks(
  orders: readonly BookOrder[],
  netQuantities: ReadonlyMap<string, number>,
  intents: readonly KnownIntent[],
): readonly Finding[] {
  const known = new Map(intents.map((intent) => [intent.intentId, intent]));
  const ours = orders.flatMap((order) => {
    const intentId = intentOf(order, known);
    return intentId === null ? [] : [{ order, intentId }];
  });
  const net = (rows: typeof ours): number => netFilled(rows.map(({ order }) => order));
  const unattended = intents.filter((intent) => !intent.running && !isStuck(intent));
  const lost = unattended.flatMap((intent): Finding[] => {
    const { intentId, tradingsymbol, adopted, carried, notCarried } = intent;
    const own = ours.filter((row) => row.intentId === intentId);
    if (net(own) + adopted + carried !== 0)
      return notCarried === null
        ? [{ kind: 'adopt', intentId }]
        : [{ kind: 'notCarried', intentId, tradingsymbol, why: notCarried }];
    return own
      .filter(({ order }) => isLive(order))
      .map(({ order }) => ({ kind: 'orphan', orderId: order.orderId, tag: intentId }));
  });
  const ourNet = (symbol: string, of: string): number =>
    net(ours.filter(({ order }) => order.tradingsymbol === symbol && order.product === of)) +
    intents
      .filter(({ tradingsymbol, product }) => tradingsymbol === symbol && product === of)
      .reduce((sum, { adopted }) => sum + adopted, 0);
  const own = ours.map(({ order }) => order);
  return [
    ...lost,
    ...stuckPositions(intents),
    ...entriesBeyond(intents, own),
    ...foreignHoldings(netQuantities, ourNet),
  ];
}

const entriesBeyond = (
  intents: readonly KnownIntent[],
  orders: readonly BookOrder[],
): readonly Finding[] =>
  intents
    .filter((intent) => beyondApproved(intent, orders) > 0)
    .map((intent) => ({
      kind: 'beyondApproved',
      intentId: intent.intentId,
      tradingsymbol: intent.tradingsymbol,
      approved: intent.quantity,
      ordered: orderedUnder(intent, orders),
    }));

/** A worker that dies costs a task one or two attempts. This many mean that no worker can carry it out. */
const stuckAttempts = 5;

const isStuck = ({ taskAttempts }: KnownIntent): boolean => taskAttempts >= stuckAttempts;

const stuckPositions = (intents: readonly KnownIntent[]): Finding[] =>
  intents
    .filter(isStuck)
    .map(({ intentId, taskAttempts }) => ({ kind: 'stuck', intentId, attempts: taskAttempts }));

function foreignHoldings(
  netQuantities: ReadonlyMap<string, number>,
  ourNet: (tradingsymbol: string, product: string) => number,
): Finding[] {
  return [...netQuantities].flatMap(([key, quantity]): Finding[] => {
    const [tradingsymbol = '', product = ''] = key.split('/');
    const beyond = quantity - ourNet(tradingsymbol, product);
    return beyond === 0 ? [] : [{ kind: 'foreign', tradingsymbol, quantity: beyond }];
  });
}
