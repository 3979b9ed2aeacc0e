// Entry point of the exchange's own process: reads flags, prints one JSON line for any Kite client, and
// ends on SIGTERM or SIGINT. Credentials come from the environment so that no flag holds a secret.
import { Refused, wordsOf } from '../domain/errors';
import { lastTradingDay } from '../domain/session/calendar';
import { nseCalendar } from '../domain/session/nseCalendar';
import { istDate } from '../domain/session/sessionClock';
import { epochMs, paiseFromRupees } from '../domain/units';
import { exchangeCommand, listOf, type Flags } from './flags';
import {
  calendarIn,
  holdingsOf,
  profileOf,
  rateCardsIn,
  scriptOf,
  scriptedStocks,
  startOf,
  tlsOf,
} from './flagValues';
import type { PriceSource } from './market/priceSource';
import type { PaperExchangeOptions } from './options';
import { noLimits } from './rest/rateLimits';
import { newCredentials, type Credentials } from './rest/session';
import { startPaperExchange } from './start';

function sourceOf({ scripted, replay, factors, headlines, seed }: Flags): PriceSource {
  if (scripted !== undefined) return { kind: 'scripted', instruments: scriptedStocks(scripted) };
  if (replay === undefined) return { kind: 'generated', seed };
  const news = headlines === undefined ? {} : { headlinesFile: headlines };
  return { kind: 'replay', directory: replay, factorsFile: factors, remark, seed, ...news };
}

/** What was put right in the files. */
const remark = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

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
    ...startOf(flags),
    ...(flags.journal === undefined ? {} : { journalPath: flags.journal }),
    resume: flags.resume ?? false,
    ...(flags.books === undefined ? {} : { booksFile: flags.books }),
    ...(flags.holdings === undefined ? {} : { holdings: holdingsOf(flags.holdings) }),
    ...(flags.rateCards === undefined ? {} : { rateCards: rateCardsIn(flags.rateCards) }),
    script: scriptOf(flags),
    profile: profileOf(flags),
    hasAdmin: flags.admin,
    names: flags.names,
    dateSkewSeconds: flags.dateSkewSeconds,
    listingRows: flags.listingRows,
    ...(flags.redirectUrl === undefined ? {} : { redirectUrl: flags.redirectUrl }),
    ...tlsOf(flags),
    ...(flags.allowedIps === undefined ? {} : { allowedAddresses: listOf(flags.allowedIps) }),
    ...(flags.limits ? {} : { limits: noLimits }),
    quirks: {
      openUpdates: flags.openUpdates ?? false,
      autosliceArray: flags.autosliceArray ?? false,
    },
    ...environmentPaperToken(),
  };
}

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
  const message = wordsOf(error);
  process.stderr.write(`${error instanceof Refused ? message : `exchange failed: ${message}`}\n`);
  process.exitCode = 1;
}

// Files that others can read are made by nobody of ours (infra/privateFiles.ts).
process.umask(0o077);

main().catch(failed);
