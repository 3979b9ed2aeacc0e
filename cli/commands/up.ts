// `ratchet up`: the system until Ctrl-C. On paper a day is started by `ratchet day start`; live and for a shadow
// the schedule starts every day.
import { resolve } from 'node:path';
import { Command } from 'commander';
import { readCalendar } from '../../infra/config/sections/calendar';
import { loadConfig, type RatchetConfig } from '../../infra/config/config';
import { Refused } from '../../domain/errors';
import { headline } from '../../domain/live/mode';
import { requireConsent } from '../../infra/liveConsent';
import { openVoters } from '../../infra/strategies/open';
import type { RunningSystem } from '../../infra/supervisor/runFolder';
import { sayWhatRests } from '../stopping';
import { withTemporal } from '../talk';
import { syncSchedule } from './schedule';
import { sessionDate } from '../../infra/sessionDate';
import { askExchange } from '../paperAdmin';
import { say } from '../text/output';
import { whileUp } from '../../infra/supervisor/whileUp';

interface UpFlags {
  readonly account?: string;
  readonly cash?: string;
  readonly date?: string;
  readonly seed: string;
  readonly scripted?: string;
  readonly holdings?: string;
  readonly speed: string;
  readonly config?: string;
  readonly fresh?: true;
}

export const upCommand = new Command('up')
  .description('bring the system up on this machine and keep it until Ctrl-C')
  .option('--date <date>', 'session date; default the last trading day')
  .option('--seed <n>', 'seed of the generated day', '7')
  .option('--scripted <json>', 'stocks that move only by POST /paper/price')
  .option('--holdings <json>', 'shares held when the session begins')
  .option('--speed <x>', 'market time over host time', '1')
  .option('--cash <rupees>', 'cash a paper or shadow account begins with')
  .option(
    '--account <name>',
    'the account that is meant: another one in the configuration is refused',
  )
  .option('--fresh', 'on paper: begin anew, though a run of the session was killed')
  .option('--config <file>', 'configuration file (JSON)')
  .action(async (flags: UpFlags) => {
    const config = loadConfig(flags.config);
    requireFitting(config, flags);
    await openVoters(config);
    return config.mode === 'paper' ? upPaper(config, flags) : upForGood(config, flags);
  });

function requireFitting({ account, mode }: RatchetConfig, { account: meant, cash }: UpFlags): void {
  if (mode === 'live' && cash !== undefined)
    throw new Refused({
      code: 'CONFIG_INVALID',
      message: '--cash is for a paper or shadow account: a live one has its own',
    });
  if (meant === undefined || meant === account) return;
  throw new Refused({
    code: 'CONFIG_INVALID',
    message: `--account is ${meant}, but the configuration is of the ${mode} account ${account}; name its file with --config`,
  });
}

const cashOf = ({ cash }: UpFlags): readonly string[] =>
  cash === undefined ? [] : ['--cash', cash];

async function upPaper(config: RatchetConfig, flags: UpFlags): Promise<void> {
  const source =
    flags.scripted === undefined ? ['--seed', flags.seed] : ['--scripted', flags.scripted];
  const held = flags.holdings === undefined ? [] : ['--holdings', flags.holdings];
  if (process.env['RATCHET_KITE_ACCESS_TOKEN'] !== undefined)
    say('mode is paper: the Kite keys of this shell are not used');
  await whileUp(
    {
      config,
      configFile: flags.config,
      date: sessionDate(flags.date, readCalendar(config.calendar)),
      exchange: [...source, ...held, ...cashOf(flags), '--speed', flags.speed, '--open-now'],
      uiPort: undefined,
      world: undefined,
      resumes: flags.fresh !== true,
      say,
    },
    async ({ running }, ended) => {
      await askExchange(running, '/paper/clock/start', 'POST');
      say(`✓ ${headline(config.mode, config.account)}`);
      printAddresses(running);
      await ended.catch(() => undefined);
    },
  );
}

/** The account's own system: its state outlives it, and what is open goes on when it is started again. */
async function upForGood(config: RatchetConfig, flags: UpFlags): Promise<void> {
  if (config.mode === 'live') requireConsent(config);
  const calendar = readCalendar(config.calendar);
  await whileUp(
    {
      config,
      configFile: flags.config === undefined ? undefined : resolve(flags.config),
      date: sessionDate(undefined, calendar),
      exchange: cashOf(flags),
      uiPort: undefined,
      world: undefined,
      say,
    },
    async ({ running, say: tell }, ended) => {
      const outcome = await withTemporal((client) => syncSchedule(client, config));
      tell(
        `✓ ${headline(config.mode, config.account)} of ${config.kiteUser ?? ''}; its schedule is ${outcome}`,
      );
      printAddresses(running);
      await ended.catch(() => undefined);
      await sayWhatRests(config.account, tell);
    },
  );
}

const printAddresses = ({ mode, temporalUi, exchange, modelServer }: RunningSystem): void =>
  void process.stdout.write(`${JSON.stringify({ mode, temporalUi, exchange, modelServer })}\n`);
