// The flags of the exchange as a command line writes them, and the checks of single values.
import { Command, InvalidArgumentError } from 'commander';
import { dematConsents, productCodes, segments } from './rest/profile';
import type { DematConsent, ProductCode, Segment } from './rest/profile';

export interface Flags {
  readonly port: number;
  readonly date?: string;
  readonly calendar?: string;
  readonly seed: number;
  readonly replay?: string;
  readonly factors?: string;
  readonly scripted?: string;
  readonly headlines?: string;
  readonly speed: number;
  readonly held?: true;
  readonly openNow?: true;
  readonly startAt?: string;
  readonly journal?: string;
  readonly resume?: true;
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
  readonly redirectUrl?: string;
  readonly loginElsewhere?: readonly string[];
  readonly user?: string;
  readonly segments?: readonly Segment[];
  readonly products?: readonly ProductCode[];
  readonly dematConsent?: DematConsent;
  readonly admin: boolean;
  readonly names: readonly string[];
  readonly tls?: string;
  readonly tlsKey?: string;
  readonly dateSkewSeconds: number;
  readonly listingRows: number;
}

const whole = (text: string): number => {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`must be a whole number, was "${text}".`);
};

const decimal = (text: string): number => {
  if (/^\d{1,12}(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`must be a number, was "${text}".`);
};

const signed = (text: string): number => {
  if (/^[+-]?\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`must be whole seconds, was "${text}".`);
};

const userId = (text: string): string => {
  if (/^[A-Z0-9]{1,20}$/.test(text)) return text;
  throw new InvalidArgumentError(`must be capital letters and digits, was "${text}".`);
};

/** The items of a comma-separated list; spaces around them do not count. */
export const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const oneIn =
  <T extends string>(allowed: readonly T[]) =>
  (text: string): T => {
    const found = allowed.find((item) => item === text);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`must be one of ${allowed.join(', ')}, was "${text}".`);
  };

const someOf =
  <T extends string>(allowed: readonly T[]) =>
  (text: string): readonly T[] =>
    listOf(text).map(oneIn(allowed));

const marketTimes = (text: string): readonly string[] =>
  listOf(text).map((time) => {
    if (/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(time)) return time;
    throw new InvalidArgumentError(`must be market times like 10:15 or 10:15:30, was "${time}".`);
  });

/** The flags of the exchange as a command. */
export function exchangeCommand(): Command {
  return new Command('exchange')
    .description('A paper exchange that speaks Kite Connect v3, REST and ticker on one port')
    .option('--port <n>', 'port to listen on; 0 takes a free one', whole, 0)
    .option('--date <date>', 'session date, e.g. 2026-11-20; default the last trading day')
    .option('--calendar <file>', 'changes to the shipped calendar, JSON as in the configuration')
    .option('--seed <n>', 'seed of the generated day and of every draw', whole, 1)
    .option(
      '--replay <dir>',
      'replay one-minute candles of each stock (CSV or Parquet) from this folder',
    )
    .option('--factors <file>', 'CSV symbol,ex_date,factor: splits and bonuses of a replay')
    .option(
      '--scripted <json>',
      'stocks that move only by POST /paper/price: [{"tradingsymbol":"T","price":10}]',
    )
    .option('--headlines <file>', 'CSV ts,tradingsymbol,title for the news of a replay')
    .option('--speed <x>', 'market ms per host ms', decimal, 1)
    .option('--start-at <time>', 'market time the clock stands at first, HH:MM or now')
    .option('--held', 'keep the clock standing until POST /paper/clock/start')
    .option('--open-now', 'start when the day opens, whatever the time is here')
    .option('--journal <file>', 'append every accepted request and fill to this file')
    .option('--resume', 'go on with the killed session that the journal is of')
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
    .option('--autoslice-array', 'answer autoslice with an array instead of children')
    .option(
      '--redirect-url <url>',
      'where a login sends the browser; default a page with the token',
    )
    .option(
      '--login-elsewhere <times>',
      'market times HH:MM at which our session ends',
      marketTimes,
    )
    .option('--user <id>', 'user id of the account', userId)
    .option('--segments <list>', 'exchanges enabled for the account', someOf(segments))
    .option('--products <list>', 'products enabled for the account', someOf(productCodes))
    .option('--demat-consent <kind>', 'consent of the profile', oneIn(dematConsents))
    .option('--no-admin', 'no calls under /paper/: the clock is the time here')
    .option('--names <list>', 'names under which a proxy asks for it, comma-separated', listOf, [])
    .option('--tls <file>', 'certificate, PEM: serve https and wss')
    .option('--tls-key <file>', 'key of the certificate, PEM')
    .option(
      '--date-skew-seconds <n>',
      'the Date header is so far ahead of the time here',
      signed,
      0,
    )
    .option('--listing-rows <n>', 'rows in the list of instruments beside what trades', whole, 0);
}
