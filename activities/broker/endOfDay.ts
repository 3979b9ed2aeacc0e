// Compares the day's money with the broker once the day is over, and keeps the result for the report. What the
// broker does not answer is a result too: the end of a day waits for nobody.
import type { Pool } from 'pg';
import { wordsOf } from '../../domain/errors';
import type { BrokerReader } from '../../broker/port';
import {
  cashMovedBy,
  compareCash,
  compareCharges,
  obstaclesIn,
  ownFills,
  type CashComparison,
  type ChargesComparison,
  type DayBooks,
  type EndOfDay,
  type Unread,
} from '../../domain/endOfDay';
import { intentOfTag, isIntentTag } from '../../domain/position';
import { withOwners } from '../../domain/reconciliation';
import { storeEndOfDay } from '../ledger/endOfDay';
import { sessionMoney, type BookedOrder, type SessionMoney } from '../ledger/sessionMoney';
import { askedAgain } from './askedAgain';
import type { BooksReader } from './booksReader';
import { intentRecords, ownersOf } from './intentRecords';

export interface EndOfDayActivities {
  /**
   * @param findings of the last reconciliation.
   * @returns null where nothing was executed.
   */
  compareWithBroker(account: string, date: string, findings: number): Promise<EndOfDay | null>;
}

export interface EndOfDayDependencies {
  readonly pool: Pool;
  readonly broker: Pick<BrokerReader, 'charges' | 'funds' | 'triggers'>;
  readonly books: BooksReader;
}

/** How long each question is asked again when the account's requests are used up. */
const patienceMs = 5_000;

/** Orders of one question for charges. */
const ordersAtOnce = 50;

export function createEndOfDayActivities(dependencies: EndOfDayDependencies): EndOfDayActivities {
  const { pool } = dependencies;
  return {
    compareWithBroker: async (account, date, findings) => {
      const money = await sessionMoney(pool, account, date);
      if (money.orders.length === 0) return null;
      const [charges, cash] = await Promise.all([
        answered(chargesOf(dependencies, money.orders)),
        answered(cashOf(dependencies, money, { account, date })),
      ]);
      const compared = { findings, charges, cash };
      await storeEndOfDay(pool, { account, date }, compared);
      return compared;
    },
  };
}

const answered = <T>(question: Promise<T>): Promise<T | Unread> =>
  question.catch((error: unknown) => ({
    kind: 'unread',
    why: wordsOf(error),
  }));

async function chargesOf(
  { broker }: EndOfDayDependencies,
  orders: readonly BookedOrder[],
): Promise<ChargesComparison> {
  const charged: Parameters<typeof compareCharges>[0][number][] = [];
  for (let from = 0; from < orders.length; from += ordersAtOnce) {
    const some = orders.slice(from, from + ordersAtOnce);
    const brokers = await askedAgain(() => broker.charges(some), patienceMs);
    for (const [index, { total }] of brokers.entries()) {
      const order = some[index];
      if (order !== undefined) charged.push({ ...order, ours: order.charges, brokers: total });
    }
  }
  return compareCharges(charged);
}

interface AccountDay {
  readonly account: string;
  readonly date: string;
}

async function cashOf(
  dependencies: EndOfDayDependencies,
  money: SessionMoney,
  day: AccountDay,
): Promise<CashComparison> {
  const books = await dayBooks(dependencies, money, day);
  const { cash, available } = await askedAgain(() => dependencies.broker.funds(), patienceMs);
  return compareCash(money, {
    cash,
    free: available,
    moved: cashMovedBy(ownFills(books)),
    obstacles: obstaclesIn(books),
  });
}

/** Ours are the orders with our tags, those our triggers have placed, and those whose trades we have adopted. */
async function dayBooks(
  { pool, broker, books }: EndOfDayDependencies,
  money: SessionMoney,
  { account, date }: AccountDay,
): Promise<DayBooks> {
  const { orders, fills, netQuantities } = await askedAgain(() => books.read(), patienceMs);
  const records = await intentRecords(pool, account, date);
  const hasTriggers = records.some(({ traces }) => traces.triggers.length > 0);
  const triggers = hasTriggers ? await askedAgain(() => broker.triggers(), patienceMs) : [];
  const known = new Set(records.map(({ intent }) => intent.intentId));
  const listed = new Set(orders.map(({ orderId }) => orderId));
  const owned = withOwners(orders, triggers, ownersOf(records), date).filter(
    ({ orderId, tag }) =>
      listed.has(orderId) && tag !== null && isIntentTag(tag) && known.has(intentOfTag(tag)),
  );
  const ours = new Set([...owned, ...money.orders].map(({ orderId }) => orderId));
  return { orders, fills, netQuantities, ours };
}
