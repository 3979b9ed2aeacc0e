// The entry point of a shadow's exchange: our own exchange on the prices of the account's broker. This process
// alone holds the account's session, and opens only the half of the broker that reads and its feed.
import { Command, InvalidArgumentError } from 'commander';
import { openBrokerReader } from '../../broker';
import { Fatal } from '../../domain/errors';
import { newCredentials } from '../../exchange/rest/session';
import { paiseFromRupees, type Paise } from '../../domain/units';
import { loadConfig } from '../../infra/config/config';
import { readCalendar } from '../../infra/config/sections/calendar';
import { guardOutput, requireSecret } from '../../infra/secrets';
import { connectClient } from '../../infra/temporal/connect';
import { pricesPlace } from '../brokerPlace';
import { standInClock } from '../marketClock';
import { processAlerts } from '../raiseAlert';
import { watchSession } from '../watchSession';
import { ShadowDays } from './days';

interface Flags {
  readonly port: number;
  readonly folder: string;
  readonly cash?: Paise;
}

const portNumber = (text: string): number => {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`must be a port, was "${text}".`);
};

const rupees = (text: string): Paise => {
  if (/^\d{1,10}(\.\d{1,2})?$/.test(text)) return paiseFromRupees(Number(text));
  throw new InvalidArgumentError(`must be an amount in rupees, was "${text}".`);
};

const command = new Command('shadow')
  .description('an exchange of our own on the prices of the account’s broker')
  .requiredOption('--folder <folder>', 'books and journals of the shadow')
  .option('--port <n>', 'port to listen on; 0 takes a free one', portNumber, 0)
  .option('--cash <rupees>', 'cash it begins with; default as much as the account has', rupees);

/** How far a stand-in's clock is ahead of this machine's, ms; the broker itself has the time here. */
function aheadOf(brokerUrl: string | undefined): number {
  const told = standInClock(process.env['RATCHET_STAND_IN_CLOCK'], brokerUrl);
  if (told === null) return 0;
  if (told.speed === 1) return told.marketAt - told.hostAt;
  throw new Fatal({
    code: 'MODE',
    message: `RATCHET_STAND_IN_CLOCK must have speed 1 for a shadow, was ${told.speed}`,
  });
}

async function main(): Promise<void> {
  const { port: wanted, folder, cash } = command.parse().opts<Flags>();
  const config = loadConfig(process.env['RATCHET_CONFIG']);
  const place = pricesPlace(config, process.env);
  const client = await connectClient();
  const raise = processAlerts(client, config.account, 'shadow');
  const watch = watchSession({
    reader: openBrokerReader(place.credentials, place.address),
    place,
    raise,
  });
  const days = new ShadowDays({
    folder,
    cash,
    clockAheadMs: aheadOf(config.brokerUrl),
    place,
    calendar: readCalendar(config.calendar),
    keys: {
      apiKey: requireSecret('RATCHET_KITE_API_KEY').reveal(),
      // Nobody logs in to it.
      apiSecret: newCredentials().apiSecret,
      accessToken: requireSecret('RATCHET_KITE_ACCESS_TOKEN').reveal(),
    },
    paperToken: process.env['RATCHET_PAPER_TOKEN'],
    user: config.kiteUser ?? '',
    reader: watch.reader(),
    notResumed: ({ date, message }) => {
      console.error(message);
      void raise('shadow.not_resumed', `${date}_${Date.now()}`, { why: message });
    },
  });
  const port = await days.enter(wanted);
  const address = { rest: `http://127.0.0.1:${port}`, ticker: `ws://127.0.0.1:${port}/` };
  process.stdout.write(`${JSON.stringify(address)}\n`);
  const stop = async (): Promise<void> => {
    watch.stop();
    await days.stop();
    await client.connection.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  await days.run(port);
}

// Files that others can read are made by nobody of ours (infra/privateFiles.ts).
process.umask(0o077);
guardOutput([process.stdout, process.stderr]);

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
