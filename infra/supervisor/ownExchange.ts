// Starts the exchange of our own: the paper exchange, or the shadow's on the broker's prices.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { wordsOf } from '../../domain/errors';
import { readCalendar } from '../config/sections/calendar';
import type { Child } from './childProcess';
import type { Environment, Parts } from './parts';
import { stateFolder } from './places';
import { launch, type Program } from './program';

const exchangeAddress = z.object({ rest: z.string(), ticker: z.string() });
const token = (): string => randomBytes(16).toString('hex');

/**
 * Keys of the paper exchange, made up: it never sees those of a real account. Its own calls need a token too, since
 * they move prices and arm faults.
 */
const paperKeys = (): Environment => ({
  RATCHET_KITE_API_KEY: token(),
  RATCHET_KITE_ACCESS_TOKEN: token(),
  RATCHET_PAPER_TOKEN: process.env['RATCHET_PAPER_TOKEN'] ?? token(),
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
  const started = launchExchange(
    parts,
    {
      name: 'paper exchange',
      script: 'exchange/main.js',
      args: [
        ...['--date', parts.date, '--held', '--no-credentials', ...parts.exchange, ...files],
        ...(resumed === undefined ? [] : ['--resume']),
      ],
      env: base,
    },
    resumed?.keys,
  );
  return resumed === undefined ? started : started.catch(notResumed);
}

function notResumed(error: unknown): never {
  const why = wordsOf(error);
  throw new Error(
    `the killed run cannot be gone on with: ${why}; \`ratchet up --fresh\` begins anew`,
  );
}

/** Its prices are the broker's, whose session this process alone takes up. It raises alerts, so Temporal is first. */
export const startShadow = (parts: Parts, env: Environment): Promise<StartedExchange> =>
  launchExchange(parts, {
    name: 'shadow exchange',
    script: 'workers/shadow/main.js',
    args: ['--folder', stateFolder(parts), ...parts.exchange],
    env,
  });

/** @param keys made up, or those of the run that is gone on with. */
async function launchExchange(
  parts: Parts,
  program: Program,
  keys: Environment = paperKeys(),
): Promise<StartedExchange> {
  const env = { ...program.env, ...keys };
  const { child, line } = await launch(parts.logs, { ...program, env });
  parts.children.push(patient(child));
  const { rest, ticker } = exchangeAddress.parse(JSON.parse(line));
  parts.say(`✓ ${program.name} at ${rest}`);
  return { rest, environment: { ...keys, RATCHET_KITE_ROOT: rest, RATCHET_KITE_TICKER: ticker } };
}
