// Entry point of the exchange's own process: reads flags, prints one JSON line for any Kite client, and
// ends on SIGTERM or SIGINT. Credentials come from the environment so that no flag holds a secret.
import { Command, InvalidArgumentError } from 'commander';
import { Refused } from '../domain/errors';
import { lastTradingDay } from '../domain/session/calendar';
import { nseCalendar } from '../domain/session/nseCalendar';
import { istDate } from '../domain/session/sessionClock';
import { epochMs, paiseFromRupees } from '../domain/units';
import { calendarIn, holdingsOf, rateCardsIn, scriptIn, scriptedStocks } from './flagValues';
import type { PriceSource } from './market/priceSource';
import type { PaperExchangeOptions } from './options';
import { noLimits } from './rest/rateLimits';
import { newCredentials, type Credentials } from './rest/session';
import { startPaperExchange } from './start';

interface Flags {
  readonly port: number;
  readonly date?: string;
  readonly calendar?: string;
  readonly seed: number;
  readonly replay?: string;
  readonly scripted?: string;
  readonly headlines?: string;
  readonly speed: number;
  readonly held?: true;
  readonly openNow?: true;
  readonly startAt?: string;
  readonly journal?: string;
  readonly books?: string;
  readonly cash: number;
  readonly credentials: boolean;
  readonly holdings?: string;
  readonly rateCards?: string;
  readonly faults?: string;
  readonly allowedIps?: string;
  readonly limits: boolean;
  readonly openUpdates?: true;
  readonly autosliceArray?: true;
}

const whole = (text: string): number => {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`must be a whole number, was "${text}".`);
};

const decimal = (text: string): number => {
  if (/^\d{1,12}(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`must be a number, was "${text}".`);
};

/** The flags of the exchange as a command. */
function exchangeCommand(): Command {
  return new Command('exchange')
    .description('A paper exchange that speaks Kite Connect v3, REST and ticker on one port')
    .option('--port <n>', 'port to listen on; 0 takes a free one', whole, 0)
    .option('--date <date>', 'session date, e.g. 2026-11-20; default the last trading day')
    .option('--calendar <file>', 'changes to the shipped calendar, JSON as in the configuration')
    .option('--seed <n>', 'seed of the generated day and of every draw', whole, 1)
    .option('--replay <dir>', 'replay one-minute candles SYMBOL.csv.gz from this folder')
    .option(
      '--scripted <json>',
      'stocks that move only by POST /paper/price: [{"tradingsymbol":"T","price":10}]',
    )
    .option('--headlines <file>', 'CSV ts,tradingsymbol,title for the news of a replay')
    .option('--speed <x>', 'market ms per host ms', decimal, 1)
    .option('--start-at <time>', 'market time the clock stands at first, HH:MM')
    .option('--held', 'keep the clock standing until POST /paper/clock/start')
    .option('--open-now', 'start when the day opens, whatever the time is here')
    .option('--journal <file>', 'append every accepted request and fill to this file')
    .option('--books <file>', 'open with the world in this file, and write it at the end')
    .option('--no-credentials', 'leave the keys out of the printed line: it may end in a log')
    .option('--cash <rupees>', 'opening cash', decimal, 1_000_000)
    .option(
      '--holdings <json>',
      'shares held: [{"tradingsymbol":"INFY","quantity":10,"averagePrice":1500}]',
    )
    .option('--rate-cards <file>', 'what is charged, by date, a JSON list of rate cards')
    .option('--faults <file>', 'admin calls at the start and at market instants, a JSON list')
    .option('--allowed-ips <list>', 'addresses that may send orders, comma-separated; "" for none')
    .option('--no-limits', 'lift the limits of requests per second, minute and day')
    .option('--open-updates', 'send an order update when an order becomes OPEN')
    .option('--autoslice-array', 'answer autoslice with an array instead of children');
}

function sourceOf({ scripted, replay, headlines, seed }: Flags): PriceSource {
  if (scripted !== undefined) return { kind: 'scripted', instruments: scriptedStocks(scripted) };
  if (replay === undefined) return { kind: 'generated', seed };
  const news = headlines === undefined ? {} : { headlinesFile: headlines };
  return { kind: 'replay', directory: replay, seed, ...news };
}

function optionsOf(flags: Flags): PaperExchangeOptions {
  const calendar = flags.calendar === undefined ? nseCalendar : calendarIn(flags.calendar);
  return {
    port: flags.port,
    calendar,
    date: flags.date ?? lastTradingDay(istDate(epochMs(Date.now())), calendar),
    source: sourceOf(flags),
    speed: flags.speed,
    held: flags.held ?? false,
    openNow: flags.openNow ?? false,
    openingCash: paiseFromRupees(flags.cash),
    credentials: environmentCredentials(),
    ...(flags.startAt === undefined ? {} : { startAt: flags.startAt }),
    ...(flags.journal === undefined ? {} : { journalPath: flags.journal }),
    ...(flags.books === undefined ? {} : { booksFile: flags.books }),
    ...(flags.holdings === undefined ? {} : { holdings: holdingsOf(flags.holdings) }),
    ...(flags.rateCards === undefined ? {} : { rateCards: rateCardsIn(flags.rateCards) }),
    ...(flags.faults === undefined ? {} : { script: scriptIn(flags.faults) }),
    ...(flags.allowedIps === undefined ? {} : { allowedAddresses: listOf(flags.allowedIps) }),
    ...(flags.limits ? {} : { limits: noLimits }),
    quirks: {
      openUpdates: flags.openUpdates ?? false,
      autosliceArray: flags.autosliceArray ?? false,
    },
    ...environmentPaperToken(),
  };
}

const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/** From RATCHET_KITE_*; what is not set is made up. */
function environmentCredentials(): Credentials {
  const made = newCredentials();
  const set = (name: string): string | undefined => nonEmpty(process.env[name]);
  return {
    apiKey: set('RATCHET_KITE_API_KEY') ?? made.apiKey,
    apiSecret: set('RATCHET_KITE_API_SECRET') ?? made.apiSecret,
    accessToken: set('RATCHET_KITE_ACCESS_TOKEN') ?? made.accessToken,
  };
}

function environmentPaperToken(): { readonly paperToken?: string } {
  const token = process.env['RATCHET_PAPER_TOKEN'];
  return token === undefined || token === '' ? {} : { paperToken: token };
}

async function main(): Promise<void> {
  const flags = exchangeCommand().parse().opts<Flags>();
  const running = await startPaperExchange(optionsOf(flags));
  const { rest, ticker, apiKey, accessToken } = running;
  const credentials = flags.credentials ? { apiKey, accessToken } : {};
  process.stdout.write(`${JSON.stringify({ rest, ticker, ...credentials })}\n`);
  let closing: Promise<void> | undefined;
  const stop = (): void => {
    closing ??= running.close().then(() => process.exit(0), failed);
  };
  // A terminal signals the whole group and the command that started this passes its own on: both come.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Says why in one line; the process ends with 1. */
function failed(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof Refused ? message : `exchange failed: ${message}`}\n`);
  process.exitCode = 1;
}

main().catch(failed);
