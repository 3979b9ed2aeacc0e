// `ratchet check`: may this account trade? One line for each thing that must hold, before anything runs and while
// it does. Nothing is changed; --probe-order alone sends an order, and cancels it.
import { Command } from 'commander';
import { Pool } from 'pg';
import { alertChannels } from '../../activities/alerts';
import {
  readinessFacts,
  readinessNeeds,
  sendProbe,
  testReceivers,
} from '../../activities/readiness';
import {
  blockersOf,
  readinessOf,
  type CheckId,
  type ProbeResult,
  type ReadinessFacts,
  type ReadinessLine,
  type ReadinessNeeds,
} from '../../domain/readiness';
import { Refused } from '../../domain/errors';
import { istDate } from '../../domain/session/sessionClock';
import { marketTime } from '../../domain/session/sessionPlan';
import { epochMs } from '../../domain/units';
import { readCalendar } from '../../infra/config/sections/calendar';
import { readSecret } from '../../infra/secrets';
import { checkedAccount, type AccountChoice, type CheckedAccount } from '../checkedAccount';
import { columns, print } from '../text/output';

interface CheckFlags extends AccountChoice {
  readonly probeOrder?: true;
  readonly json?: true;
}

const connectMaxMs = 5_000;

async function check(flags: CheckFlags): Promise<void> {
  const account = checkedAccount(flags);
  const { databaseUrl } = account;
  const pool =
    databaseUrl === undefined
      ? null
      : new Pool({
          connectionString: databaseUrl,
          max: 1,
          connectionTimeoutMillis: connectMaxMs,
        });
  try {
    const probes = flags.probeOrder === true;
    if (probes) requireOrders(account);
    const lines = await linesOf(account, pool, probes);
    print(flags.json === true, lines, () => textOf(lines));
    if (blockersOf(lines).length > 0) process.exitCode = 1;
  } finally {
    await pool?.end();
  }
}

/** @throws Refused MODE in a shadow, which sends nothing to the broker. */
function requireOrders({ config: { mode, account } }: CheckedAccount): void {
  if (mode !== 'shadow') return;
  throw new Refused({
    code: 'MODE',
    message: `--probe-order sends an order, and account ${account} is a shadow: its mode must be "live" or "paper"`,
  });
}

async function linesOf(
  account: CheckedAccount,
  pool: Pool | null,
  probes: boolean,
): Promise<readonly ReadinessLine[]> {
  const { config, broker, folder, installation, loginAddress, marketClock } = account;
  const calendar = readCalendar(config.calendar);
  const marketAt = marketTime(await marketClock(), epochMs(Date.now()));
  const date = istDate(marketAt);
  const needs = readinessNeeds(config, calendar, date);
  const facts = await readinessFacts(
    {
      config,
      calendar,
      broker,
      pool,
      folder,
      installation,
      profile: () => broker.profile(),
      books: () => broker.books(),
      login: loginAddress,
      receivers: () => tested(account),
    },
    date,
  );
  if (!probes) return readinessOf(facts, needs);
  const probe =
    unsafe(facts, needs) ??
    (await sendProbe({
      broker,
      calendar,
      marketAt,
      universe: config.universe,
      tell: (line) => process.stderr.write(`${line}\n`),
    }));
  return readinessOf({ ...facts, probe }, needs);
}

const mustHold: readonly CheckId[] = ['session', 'user', 'segments', 'products', 'lists'];

/** No order is sent to an account that is not the one meant, or cannot trade at all. */
function unsafe(facts: ReadinessFacts, needs: ReadinessNeeds): ProbeResult | null {
  const failing = readinessOf(facts, needs).filter(({ id, ok }) => !ok && mustHold.includes(id));
  return failing.length === 0
    ? null
    : { kind: 'notSent', why: `put this right first: ${failing.map(({ id }) => id).join(', ')}` };
}

const tested = ({ config }: CheckedAccount): ReturnType<typeof testReceivers> =>
  testReceivers(
    alertChannels({
      config,
      secret: readSecret,
      mode: config.mode,
      loopbackDevelopment: config.mode === 'paper',
    }),
    config.account,
    Date.now(),
  );

const textOf = (lines: readonly ReadinessLine[]): readonly string[] =>
  columns(
    lines.map(({ id, ok, class: kind, found, remedy }) => [
      ok ? '✓' : '✗',
      id,
      `${found}${remedy === null ? '' : ` — ${kind === 'B' ? 'a warning; ' : ''}${remedy}`}`,
    ]),
  );

export const checkCommand = new Command('check')
  .description('may the account trade: session, clock, address, lists, receivers, stores and more')
  .option('--config <file>', 'configuration file (JSON)')
  .option('--account <name>', 'account; default the configured one')
  .option('--probe-order', 'also place one share far below the market, and cancel it')
  .option('--json', 'print one JSON document')
  .action(check);
