// The tick gateway: one ticker per account. It writes candles and last prices to Postgres, and turns band
// crossings into signals and order updates into hints. It decides nothing.
import { Client as PostgresClient } from 'pg';
import { connectClient } from '../infra/temporal/connect';
import { openFeed } from '../broker';
import { workerEnvironment } from './environment';
import { CandleWriter } from './candleWriter';
import { Crossings } from './crossings';

async function main(): Promise<void> {
  const environment = workerEnvironment();
  const { pool, config, broker } = environment;
  const temporal = await connectClient();
  const crossings = new Crossings(temporal, pool, config.account);
  const candles = new CandleWriter(pool, config.account, environment.calendar);
  const feed = openFeed(broker.credentials, broker.address, {
    ticks: (ticks) => {
      candles.take(ticks);
      crossings.take(ticks);
    },
    orderUpdate: (tag) => crossings.hint(tag),
    // Whatever happened while the connection was down is in the books, so every position reads them again.
    connected: () => crossings.hintAll(),
  });
  let dayTokens: readonly number[] = [];
  let subscribed = '';
  // A position's stock stays subscribed when the day's list no longer has it.
  const subscribeAll = (): void => {
    const tokens = [...new Set([...dayTokens, ...crossings.tokens()])].sort((a, b) => a - b);
    if (String(tokens) === subscribed) return;
    subscribed = String(tokens);
    feed.subscribe(tokens);
  };
  const listener = new PostgresClient({ connectionString: process.env['DATABASE_URL'] });
  // Notifications may have been missed. Starting again reads everything.
  listener.on('error', (error) => {
    console.error('the database connection was lost:', error.message);
    process.exit(1);
  });
  await listener.connect();
  listener.on('notification', ({ channel, payload = '' }) => {
    if (channel === 'band') {
      crossings.publish(JSON.parse(payload) as Parameters<Crossings['publish']>[0]);
      subscribeAll();
    }
    if (channel === 'band_gone') crossings.withdraw(payload);
    if (channel === 'watch') void subscribe();
  });
  await listener.query('listen band; listen band_gone; listen watch');
  const subscribe = async (): Promise<void> => {
    const { rows } = await pool.query<{ instrument_token: string; tradingsymbol: string }>(
      'select instrument_token, tradingsymbol from watch where account = $1',
      [config.account],
    );
    candles.watch(rows.map((row) => [Number(row.instrument_token), row.tradingsymbol]));
    dayTokens = rows.map((row) => Number(row.instrument_token));
    subscribeAll();
  };
  await crossings.load();
  await subscribe();
  const flushing = setInterval(() => void candles.flush(), 100);
  process.stdout.write('ready\n');
  const stop = async (): Promise<void> => {
    clearInterval(flushing);
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

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
