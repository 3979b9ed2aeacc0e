// `ratchet up`: the system without a day, until Ctrl-C; `ratchet day start` then starts one.
import { Command } from 'commander';
import { readCalendar } from '../../infra/config/sections/calendar';
import { loadConfig } from '../../infra/config/config';
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
  .action(async (flags: UpFlags) => {
    const config = loadConfig(flags.config);
    const source =
      flags.scripted === undefined ? ['--seed', flags.seed] : ['--scripted', flags.scripted];
    const held = flags.holdings === undefined ? [] : ['--holdings', flags.holdings];
    const exchange = [...source, ...held, '--speed', flags.speed, '--open-now'];
    await whileUp(
      {
        config,
        configFile: flags.config,
        date: sessionDate(flags.date, readCalendar(config.calendar)),
        exchange,
        uiPort: undefined,
        world: undefined,
        say,
      },
      async (system, ended) => {
        await fetch(`${system.running.exchange}/paper/clock/start`, { method: 'POST' });
        process.stdout.write(
          `${JSON.stringify({ temporalUi: system.running.temporalUi, exchange: system.running.exchange, modelServer: system.running.modelServer })}\n`,
        );
        await ended.catch(() => undefined);
      },
    );
  });
