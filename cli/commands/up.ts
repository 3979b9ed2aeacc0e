// `ratchet up`: the system until Ctrl-C. On paper a day is started by `ratchet day start`; live the schedule
// starts every day.
import { resolve } from 'node:path';
import { Command } from 'commander';
import { readCalendar } from '../../infra/config/sections/calendar';
import { loadConfig, type RatchetConfig } from '../../infra/config/config';
import { requireConsent } from '../../infra/liveConsent';
import type { RunningSystem } from '../../infra/supervisor/runFolder';
import { sayWhatRests } from '../stopping';
import { withTemporal } from '../talk';
import { syncSchedule } from './schedule';
import { sessionDate } from '../../infra/sessionDate';
import { say, whileUp } from '../../infra/supervisor/whileUp';

interface UpFlags {
  readonly date?: string;
  readonly seed: string;
  readonly scripted?: string;
  readonly holdings?: string;
  readonly speed: string;
  readonly config?: string;
}

export const upCommand = new Command('up')
  .description('bring the system up on this machine and keep it until Ctrl-C')
  .option('--date <date>', 'session date; default the last trading day')
  .option('--seed <n>', 'seed of the generated day', '7')
  .option('--scripted <json>', 'stocks that move only by POST /paper/price')
  .option('--holdings <json>', 'shares held when the session begins')
  .option('--speed <x>', 'market time over host time', '1')
  .option('--config <file>', 'configuration file (JSON)')
  .action((flags: UpFlags) => {
    const config = loadConfig(flags.config);
    return config.mode === 'live' ? upLive(config, flags) : upPaper(config, flags);
  });

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
      exchange: [...source, ...held, '--speed', flags.speed, '--open-now'],
      uiPort: undefined,
      world: undefined,
      say,
    },
    async ({ running }, ended) => {
      await fetch(`${running.exchange ?? ''}/paper/clock/start`, { method: 'POST' });
      printAddresses(running);
      await ended.catch(() => undefined);
    },
  );
}

/** The account's own system: its state outlives it, and what is open goes on when it is started again. */
async function upLive(config: RatchetConfig, flags: UpFlags): Promise<void> {
  requireConsent(config);
  const calendar = readCalendar(config.calendar);
  await whileUp(
    {
      config,
      configFile: flags.config === undefined ? undefined : resolve(flags.config),
      date: sessionDate(undefined, calendar),
      exchange: [],
      uiPort: undefined,
      world: undefined,
      say,
    },
    async ({ running, say: tell }, ended) => {
      const outcome = await withTemporal((client) => syncSchedule(client, config));
      tell(
        `✓ LIVE: account ${config.account} of ${config.kiteUser ?? ''}; its schedule is ${outcome}`,
      );
      printAddresses(running);
      await ended.catch(() => undefined);
      await sayWhatRests(config.account, tell);
    },
  );
}

const printAddresses = ({ mode, temporalUi, exchange, modelServer }: RunningSystem): void =>
  void process.stdout.write(`${JSON.stringify({ mode, temporalUi, exchange, modelServer })}\n`);
