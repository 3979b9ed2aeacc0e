// The tick gateway: one ticker per account. It writes candles and last prices to Postgres, and turns band
// crossings into signals and order updates into hints. It decides nothing.
import { Client as PostgresClient } from 'pg';
import { guardOutput } from '../infra/secrets';
import { connectClient } from '../infra/temporal/connect';
import { openBrokerReader, openFeed } from '../broker';
import { claimRecords } from '../activities/ledger/accountMode';
import { watchedStocks } from '../activities/marketData/watched';
import { epochMs } from '../domain/units';
import { Backfill } from './backfill';
import { ownDatabase, workerEnvironment, type WorkerEnvironment } from './environment';
import { CandleWriter } from './candleWriter';
import { Crossings } from './crossings';
import { marketClockOf } from './marketClock';
import { processAlerts, type RaiseOwnAlert } from './raiseAlert';
import { FeedWatcher } from './watchFeed';
import { watchFollowing } from './watchFollowing';
import { watchStalls } from './watchStalls';

const openCandles = (
  environment: WorkerEnvironment,
  raise: RaiseOwnAlert,
): Promise<CandleWriter> => {
  const { pool, calendar, config } = environment;
  return CandleWriter.open({
    pool,
    account: config.account,
    calendar,
    marketClock: marketClockOf(environment),
    gapNoticed: ({ from, until, stocks }) =>
      void raise('feed.gap', `${from}-${until}`, { from, to: until, stocks }),
    hostNow: () => epochMs(Date.now()),
  });
};

/** Stores what the ticks made, and fills what they missed. @returns ends both. */
function keepCandles(
  { pool, config, broker: { credentials, address } }: WorkerEnvironment,
  candles: CandleWriter,
  crossings: Crossings,
): () => void {
  const flushing = setInterval(() => void candles.flush(), 100);
  const clockReading = setInterval(() => void candles.readClock().catch(() => undefined), 1_000);
  const backfill = new Backfill({
    broker: openBrokerReader(credentials, address),
    pool,
    account: config.account,
    candles,
    positions: () => crossings.tokens(),
  });
  backfill.start();
  return () => {
    clearInterval(flushing);
    clearInterval(clockReading);
    backfill.stop();
  };
}

/** Hears what our records notify of. */
async function listening(
  heard: (channel: string, payload: string) => void,
): Promise<PostgresClient> {
  const listener = new PostgresClient({ connectionString: ownDatabase() });
  // Notifications may have been missed. Starting again reads everything.
  listener.on('error', (error) => {
    console.error('the database connection was lost:', error.message);
    process.exit(1);
  });
  await listener.connect();
  listener.on('notification', ({ channel, payload = '' }) => heard(channel, payload));
  await listener.query('listen band; listen band_gone; listen watch');
  return listener;
}

async function main(): Promise<void> {
  const environment = workerEnvironment();
  const { pool, config, broker } = environment;
  await claimRecords(pool, config.account, broker.mode);
  const temporal = await connectClient();
  const crossings = new Crossings(temporal, pool, config.account);
  const raise = processAlerts(temporal, config.account, 'gateway');
  const candles = await openCandles(environment, raise);
  const watcher = new FeedWatcher(raise, () => candles.isTrading && dayTokens.length > 0);
  const stopStalls = watchStalls('gateway', raise);
  const stopFollowing = watchFollowing(() => crossings.unanswered(), raise);
  let dayTokens: readonly number[] = [];
  const feed = openFeed(broker.credentials, broker.address, {
    ticks: (ticks) => {
      watcher.heard();
      candles.take(ticks);
      crossings.take(ticks);
    },
    orderUpdate: (update) => crossings.hint(update),
    // Whatever happened while the connection was down is in the books, so every position reads them again.
    connected: () => {
      void candles.connected();
      crossings.hintAll();
    },
    lost: () => watcher.lost(),
  });
  let subscribed = '';
  // A position's stock stays subscribed when the day's list no longer has it.
  const subscribeAll = (): void => {
    const tokens = [...new Set([...dayTokens, ...crossings.tokens()])].sort((a, b) => a - b);
    if (String(tokens) === subscribed) return;
    subscribed = String(tokens);
    feed.subscribe(tokens);
  };
  const listener = await listening((channel, payload) => {
    if (channel === 'band') {
      crossings.publish(JSON.parse(payload) as Parameters<Crossings['publish']>[0]);
      subscribeAll();
    }
    if (channel === 'band_gone') crossings.withdraw(payload);
    if (channel === 'watch') void subscribe();
  });
  const subscribe = async (): Promise<void> => {
    const stocks = await watchedStocks(pool, config.account);
    dayTokens = stocks.map(({ token }) => token);
    const known = candles.watch(stocks);
    subscribeAll();
    await known;
  };
  await crossings.load();
  await subscribe();
  const stopKeeping = keepCandles(environment, candles, crossings);
  process.stdout.write('ready\n');
  const stop = async (): Promise<void> => {
    stopKeeping();
    watcher.stop();
    stopStalls();
    stopFollowing();
    await feed.stop();
    await candles.flush();
    await listener.end();
    await pool.end();
    await temporal.connection.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
}

// Files that others can read are made by nobody of ours (infra/privateFiles.ts).
process.umask(0o077);
guardOutput([process.stdout, process.stderr]);

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
