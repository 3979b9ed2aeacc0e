// Compares the account's books with our records once. The day is told what was found, and acts on it.
import type { Pool } from 'pg';
import type { BrokerReader } from '../../broker/port';
import type { PriceBand } from '../../domain/market/instrument';
import {
  isCarried,
  type InstallationId,
  type Intent,
  type PositionTraces,
} from '../../domain/position';
import {
  compareBooks,
  otherInstallations,
  whyNotCarried,
  withOwners,
  type Finding,
  type KnownIntent,
} from '../../domain/reconciliation';
import type { BooksReader } from './booksReader';
import { intentRecords, ownersOf, type IntentRecord } from './intentRecords';

export interface Reconciliation {
  readonly findings: readonly Finding[];
  /** The intents to adopt, whole; the stuck ones among them, to be ended first. */
  readonly adoptable: readonly Adoptable[];
}

export interface Adoptable {
  /** What was carried has the band of this session. */
  readonly intent: Intent;
  readonly traces: PositionTraces;
}

export interface ReconcileActivities {
  /** @param running ids of the intents whose position is known to run. */
  reconcile(account: string, date: string, running: readonly string[]): Promise<Reconciliation>;
  /** Ends a position's workflow that cannot go on, so that another can take its place. */
  endStuck(account: string, intentId: string, attempts: number): Promise<void>;
}

export interface PositionWorkflows {
  /** How often the task it waits for has been tried; 0 when it waits for none. */
  taskAttempts(account: string, intentId: string): Promise<number>;
  end(account: string, intentId: string, why: string): Promise<void>;
}

export interface ReconcileDependencies {
  readonly pool: Pool;
  readonly broker: BrokerReader;
  readonly books: BooksReader;
  readonly positions: PositionWorkflows;
  /** Ours: what another has sent to the account is none of our business but that it is there. */
  readonly installation: InstallationId;
}

export function createReconcileActivities(
  dependencies: ReconcileDependencies,
): ReconcileActivities {
  const { positions } = dependencies;
  return {
    reconcile: (account, date, running) => reconcile(dependencies, { account, date, running }),
    endStuck: (account, intentId, attempts) =>
      positions.end(account, intentId, `its task failed ${attempts} times: adopted anew`),
  };
}

interface Question {
  readonly account: string;
  readonly date: string;
  readonly running: readonly string[];
}

async function reconcile(
  { pool, broker, books, positions, installation }: ReconcileDependencies,
  { account, date, running }: Question,
): Promise<Reconciliation> {
  const accountBooks = await books.read();
  const records = await intentRecords(pool, account, date);
  const overnight = records.some(({ intent }) => isCarried(intent));
  const triggers = overnight ? await broker.triggers() : [];
  const orders = withOwners(accountBooks.orders, triggers, ownersOf(records), date);
  const carried = await carriedStocks(broker, records);
  const known = await Promise.all(
    records.map(async (record): Promise<KnownIntent> => {
      const { intentId, instrument, product, direction, quantity } = record.intent;
      return {
        intentId,
        product,
        direction,
        quantity,
        tradingsymbol: instrument.tradingsymbol,
        adopted: record.adopted,
        carried: record.carried,
        running: record.isHandedOn || running.includes(intentId),
        taskAttempts: await positions.taskAttempts(account, intentId),
        notCarried: problemOf(record, carried),
      };
    }),
  );
  const ids = new Set(records.map(({ intent }) => intent.intentId));
  const findings = [
    ...compareBooks(orders, accountBooks.netQuantities, known),
    ...otherInstallations(orders, ids, installation),
  ];
  const wanted = new Set(
    findings.flatMap((finding) =>
      finding.kind === 'adopt' || finding.kind === 'stuck' ? [finding.intentId] : [],
    ),
  );
  return {
    findings,
    adoptable: records
      .filter(({ intent }) => wanted.has(intent.intentId))
      .map(({ intent, traces }) => ({ intent: inSession(intent, carried), traces })),
  };
}

/** What the broker says of a stock in which something was carried over. */
interface CarriedStock {
  /** Shares held from earlier sessions, today's sales not taken off. */
  readonly holding: number;
  readonly band: PriceBand;
}

async function carriedStocks(
  broker: BrokerReader,
  records: readonly IntentRecord[],
): Promise<ReadonlyMap<string, CarriedStock>> {
  const symbols = new Set(
    records
      .filter(({ carried }) => carried !== 0)
      .map(({ intent }) => intent.instrument.tradingsymbol),
  );
  if (symbols.size === 0) return new Map();
  const holdings = await broker.holdings();
  const quotes = await broker.quotes([...symbols]);
  return new Map(
    [...symbols].flatMap((name): [string, CarriedStock][] => {
      const quote = quotes.get(name);
      if (quote === undefined) return [];
      return [[name, { band: quote.band, holding: holdings.get(name) ?? 0 }]];
    }),
  );
}

function problemOf(
  { intent, carried, traces }: IntentRecord,
  stocks: ReadonlyMap<string, CarriedStock>,
): string | null {
  if (carried === 0) return null;
  const { tradingsymbol } = intent.instrument;
  const stock = stocks.get(tradingsymbol);
  if (stock === undefined)
    return `the broker has no quote of ${tradingsymbol}, which was carried over`;
  const stop = traces.levels.at(-1)?.stop ?? null;
  return whyNotCarried({ tradingsymbol, quantity: carried, stop, ...stock });
}

function inSession(intent: Intent, stocks: ReadonlyMap<string, CarriedStock>): Intent {
  const stock = stocks.get(intent.instrument.tradingsymbol);
  return stock === undefined ? intent : { ...intent, band: stock.band };
}
