// `ratchet run` (npm start): brings a system up, runs one paper trading day on it, compares our records with
// the exchange's books, prints the report's path, and leaves nothing running. In a world the account lives on
// from session to session; each session has a system of its own, started on the world's folder.
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { chooseDays } from '../../backtest/dayChoice';
import { measuredWorth } from '../../domain/decision';
import { Refused } from '../../domain/errors';
import {
  requireTradingDay,
  type SessionDate,
  type TradingCalendar,
} from '../../domain/session/calendar';
import { istTime, sessionClock } from '../../domain/session/sessionClock';
import { epochMs } from '../../domain/units';
import { readCalendar } from '../../infra/config/sections/calendar';
import { freePort } from '../../infra/freePort';
import { openVoters } from '../../infra/strategies/open';
import { loadConfig, type RatchetConfig } from '../../infra/config/config';
import { tradeDay } from '../run/tradedSession';
import { sessionDate } from '../../infra/sessionDate';
import { say } from '../text/output';
import { whileUp } from '../../infra/supervisor/whileUp';
import { begun, ended, nextSession, openWorld, type World } from '../../infra/supervisor/world';

interface RunFlags {
  readonly date?: string;
  readonly seed?: string;
  readonly replay?: string;
  readonly factors?: string;
  readonly speed: number;
  readonly cash?: string;
  readonly config?: string;
  readonly uiPort?: number;
  readonly world?: string;
  readonly sessions?: number;
  readonly hold?: true;
  readonly histories?: string;
}

function whole(text: string, from: number, to: number, what: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new InvalidArgumentError(`must be ${what} from ${from} to ${to}, was "${text}".`);
}

const port = (text: string): number => whole(text, 1, 65_535, 'a port');
const count = (text: string): number => whole(text, 1, 250, 'a whole number');

function speed(text: string): number {
  const value = Number(text);
  if (value >= 1 && value <= 400) return value;
  throw new InvalidArgumentError(`must be a number from 1 to 400, was "${text}".`);
}

export const runCommand = new Command('run')
  .description('run a whole paper trading day on this machine and end with its report')
  .option('--date <date>', 'session date; default the last trading day, in a world the next one')
  .option('--seed <n>', 'seed of the generated day; default 7, in a world its own')
  .option(
    '--replay <dir>',
    'replay real one-minute candles of each stock (CSV or Parquet) from this folder',
  )
  .option('--factors <file>', 'CSV symbol,ex_date,factor of splits and bonuses, with --replay')
  .option('--speed <x>', 'market time over host time, 1 to 400', speed, 187)
  .option('--cash <rupees>', 'opening cash; default 1000000, in a world only when it begins')
  .option('--config <file>', 'configuration file (JSON)')
  .option('--ui-port <n>', 'port of the Temporal UI; default a free one', port)
  .option('--world <name>', 'trade the next session of this paper world, whose account lives on')
  .option('--sessions <n>', 'trade so many sessions of the world, one after the other', count)
  .option('--histories <dir>', 'write every workflow history there, for replay tests')
  .option('--hold', 'stay up after the day until Ctrl-C')
  .action(run);

async function run(flags: RunFlags): Promise<void> {
  const config = loadConfig(flags.config);
  if (config.mode !== 'paper')
    throw new Refused({
      code: 'MODE',
      message: `\`ratchet run\` trades on paper, but mode is "${config.mode}" in the configuration; use \`ratchet up\``,
    });
  await openVoters(config);
  const calendar = readCalendar(config.calendar);
  if (flags.uiPort !== undefined) await freePort(flags.uiPort);
  if (flags.world !== undefined) return runWorld(flags, { config, calendar }, flags.world);
  if (flags.sessions !== undefined)
    throw new Refused({ code: 'SESSIONS', message: '--sessions needs --world NAME' });
  const source = sourceOf(flags) ?? usualSource;
  const date = sessionDate(flags.date, calendar);
  const report = await runSession({
    flags,
    config,
    calendar,
    date,
    source,
    last: true,
    world: undefined,
  });
  process.stdout.write(`report: ${report}\n`);
}

/** Runs this many sessions of a world; each has its report. */
async function runWorld(
  flags: RunFlags,
  { config, calendar }: Pick<Session, 'config' | 'calendar'>,
  name: string,
): Promise<void> {
  const asked = sourceOf(flags);
  let world = openWorld(name, asked ?? usualSource);
  if (flags.cash !== undefined && world.state.sessions.length > 0)
    throw new Refused({
      code: 'WORLD',
      message: `--cash is only for the first session of a world, and "${name}" has begun`,
    });
  const { sessions = 1 } = flags;
  for (let index = 0; index < sessions; index += 1) {
    const date = nextSession(world, index === 0 ? flags.date : undefined, calendar);
    const source = asked ?? world.state.source;
    say(`world ${name}, session ${date}`);
    const last = index === sessions - 1;
    const keep = (now: World): void => void (world = now);
    const report = await runSession({
      flags,
      config,
      calendar,
      date,
      source,
      world,
      keep,
      last,
    });
    process.stdout.write(`report: ${report}\n`);
  }
}

const usualSource: readonly string[] = ['--seed', '7'];

/** The source of prices, from the flags alone. */
function sourceOf({ seed, replay, factors }: RunFlags): readonly string[] | undefined {
  const named = factors === undefined ? [] : ['--factors', resolve(factors)];
  if (replay !== undefined) return ['--replay', resolve(replay), ...named];
  if (factors !== undefined)
    throw new Refused({ code: 'FLAG_FILE', message: '--factors needs --replay DIR' });
  return seed === undefined ? undefined : ['--seed', seed];
}

interface Session {
  readonly flags: RunFlags;
  readonly config: RatchetConfig;
  readonly calendar: TradingCalendar;
  readonly date: SessionDate;
  readonly source: readonly string[];
  readonly world: World | undefined;
  /** Called with the world as the session leaves it. */
  readonly keep?: (world: World) => void;
  /** Is it the session after which `--hold` stays up? */
  readonly last: boolean;
}

/** Pre-flight and screening are over within this, host milliseconds. */
const preparationMs = 15_000;

/** `HH:MM` half an hour before the day opens; earlier on a fast clock, so that the feed is there at the open. */
function preflightTime({ date, calendar, flags }: Session): string {
  const { open } = sessionClock(requireTradingDay(date, calendar), true);
  const ahead = Math.max(30 * 60_000, Math.ceil(flags.speed * preparationMs));
  return istTime(epochMs(open - ahead)).slice(0, 5);
}

/** Before anything is started. @throws Refused as a backtest of the day would. */
function requireRecordedSession({ source, date, calendar }: Session): void {
  const [kind, directory = '', , factorsFile] = source;
  if (kind !== '--replay') return;
  chooseDays(directory, { date }, calendar, { factorsFile, remark: say });
}

/** @returns the path of its report. */
async function runSession(session: Session): Promise<string> {
  requireRecordedSession(session);
  const { flags, config, date, source, world, keep, last } = session;
  const exchange = [
    ...source,
    ...['--speed', String(flags.speed), '--cash', flags.cash ?? '1000000'],
    ...['--start-at', preflightTime(session)],
  ];
  const options = { config, configFile: flags.config, date, exchange, uiPort: flags.uiPort, say };
  return whileUp({ ...options, world }, async (system, fallen) => {
    const cashBefore = world?.state.sessions.at(-1)?.closingCash ?? null;
    const during = world === undefined ? undefined : begun(world, date, source);
    if (during !== undefined) keep?.(during);
    const terms = { config, speed: flags.speed, histories: flags.histories, cashBefore };
    const { report, closingCash } = await Promise.race([tradeDay(system, terms), fallen]);
    if (during !== undefined) keep?.(ended(during, date, closingCash));
    say(measuredWorth);
    if (flags.hold === true && last) {
      say(`report: ${report}\nholding; Ctrl-C stops everything`);
      await fallen.catch(() => undefined);
    }
    return report;
  });
}
