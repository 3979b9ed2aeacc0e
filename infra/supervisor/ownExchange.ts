// Starts the exchange of our own: the paper exchange, or the shadow's on the broker's prices.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { wordsOf } from '../../domain/errors';
import { readCalendar } from '../config/sections/calendar';
import { freePort } from '../freePort';
import { newToken } from '../secrets';
import type { Child } from './childProcess';
import type { Environment, Parts } from './parts';
import { stateFolder } from './places';
import { launch } from './program';
import { launchSupervised } from './supervised';

const exchangeAddress = z.object({ rest: z.string(), ticker: z.string() });

/**
 * Keys of the paper exchange, made up: it never sees those of a real account. Its own calls need a token too, since
 * they move prices and arm faults.
 */
const paperKeys = (): Environment => ({
  RATCHET_KITE_API_KEY: newToken(),
  RATCHET_KITE_ACCESS_TOKEN: newToken(),
  RATCHET_PAPER_TOKEN: process.env['RATCHET_PAPER_TOKEN'] ?? newToken(),
});

const booksOf = ({ world }: Parts): string[] =>
  world === undefined ? [] : ['--books', join(world.folder, 'books.json')];

/** The configured calendar as a file of the run. */
function writtenCalendar({ folder, config }: Parts): string {
  const { years, holidays, sessions } = readCalendar(config.calendar);
  const file = join(folder, 'calendar.json');
  writeFileSync(file, JSON.stringify({ years, holidays, sessions }));
  return file;
}

/** Gives the exchange time to play a session out that is ended early, which takes seconds. */
const patient = (child: Child): Child => ({
  ...child,
  stop: (graceMs = 90_000) => child.stop(graceMs),
});

export interface StartedExchange {
  readonly rest: string;
  /** How the exchange is found, and the keys it takes. */
  readonly environment: Environment;
}

/** The exchange is started first, so that a wrong date or missing data shows before anything slow has started. */
export async function startExchange(parts: Parts, base: Environment): Promise<StartedExchange> {
  const { folder, resumed } = parts;
  const files = [
    ...['--journal', join(folder, 'exchange-journal.jsonl')],
    ...['--calendar', writtenCalendar(parts), ...booksOf(parts)],
  ];
  const keys = resumed?.keys ?? paperKeys();
  const starting = launch(parts.logs, {
    name: 'paper exchange',
    script: 'exchange/main.js',
    args: [
      ...['--date', parts.date, '--held', '--no-credentials', ...parts.exchange, ...files],
      ...(resumed === undefined ? [] : ['--resume']),
    ],
    env: { ...base, ...keys },
  });
  const { child, line } = await (resumed === undefined ? starting : starting.catch(notResumed));
  parts.children.push(patient(child));
  return started(parts, { name: child.name, line, keys });
}

function notResumed(error: unknown): never {
  const why = wordsOf(error);
  throw new Error(
    `the killed run cannot be gone on with: ${why}; \`ratchet up --fresh\` begins anew`,
  );
}

/**
 * Its prices are the broker's, whose session this process alone takes up. It raises alerts, so Temporal is first. When
 * it falls it goes on from its journal, on the same port.
 */
export async function startShadow(parts: Parts, env: Environment): Promise<StartedExchange> {
  const keys = paperKeys();
  const name = 'shadow exchange';
  const port = String(await freePort());
  const line = await launchSupervised(parts, {
    name,
    script: 'workers/shadow/main.js',
    args: ['--folder', stateFolder(parts), '--port', port, ...parts.exchange],
    env: { ...env, ...keys },
  });
  return started(parts, { name, line, keys });
}

/** @param line by which it said that it is ready. @param keys that it takes. */
function started(
  { say }: Parts,
  {
    name,
    line,
    keys,
  }: { readonly name: string; readonly line: string; readonly keys: Environment },
): StartedExchange {
  const { rest, ticker } = exchangeAddress.parse(JSON.parse(line));
  say(`✓ ${name} at ${rest}`);
  return { rest, environment: { ...keys, RATCHET_KITE_ROOT: rest, RATCHET_KITE_TICKER: ticker } };
}
