// The paper worlds of `ratchet run --world`. Each has a folder that outlives the runs of its sessions, with
// the exchange's books, Temporal's file and the model server's state. The name of its database is in the
// folder too.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Refused } from '../../domain/errors';
import {
  nextTradingDay,
  type SessionDate,
  type TradingCalendar,
} from '../../domain/session/calendar';
import { paise, type Paise } from '../../domain/units';
import { ratchetHome } from '../checkout';
import { sessionDate } from '../sessionDate';
import { replacePrivateFile } from '../privateFiles';

const shape = z.strictObject({
  database: z.string(),
  /** The exchange's arguments for its prices. */
  source: z.array(z.string()),
  /** Oldest first. `closingCash` is null where the session was not traded to its end. */
  sessions: z.array(
    z.strictObject({ date: z.iso.date(), closingCash: z.int().transform(paise).nullable() }),
  ),
});

export type WorldState = z.infer<typeof shape>;

/** A world on this machine. */
export interface World {
  readonly name: string;
  readonly folder: string;
  readonly state: WorldState;
}

const stateFile = (folder: string): string => join(folder, 'world.json');

/** The world of that name, created if there is none. @throws Refused for a bad name or a damaged file. */
export function openWorld(name: string, source: readonly string[]): World {
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name))
    throw refused(`--world must be 1 to 32 of a-z, 0-9 and -, was "${name}"`);
  const folder = join(ratchetHome, 'worlds', name);
  const file = stateFile(folder);
  if (existsSync(file)) return { name, folder, state: read(file) };
  mkdirSync(folder, { recursive: true });
  const database = `ratchet_world_${name.replaceAll('-', '_')}_${randomBytes(4).toString('hex')}`;
  return write({ name, folder, state: { database, source: [...source], sessions: [] } });
}

function read(file: string): WorldState {
  try {
    return shape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw refused(`"${file}" is damaged: restore it, or start another world`);
  }
}

function write(world: World): World {
  replacePrivateFile(stateFile(world.folder), JSON.stringify(world.state, null, 2));
  return world;
}

/** The session that comes next, or the one asked for. @throws Refused when that one is not later. */
export function nextSession(
  { name, state }: World,
  asked: string | undefined,
  calendar: TradingCalendar,
): SessionDate {
  const last = state.sessions.at(-1)?.date;
  if (last === undefined) return sessionDate(asked, calendar);
  if (asked === undefined) return nextTradingDay(last, calendar);
  const date = sessionDate(asked, calendar);
  if (date > last) return date;
  throw refused(
    `the world "${name}" has traded ${last}: its next session is ${nextTradingDay(last, calendar)} or later, not ${date}`,
  );
}

/** Records that a session begins, before anything of it is traded, so that no date is traded twice. */
export function begun(world: World, date: SessionDate, source: readonly string[]): World {
  const next = withSessions(world, [...world.state.sessions, { date, closingCash: null }]);
  return write({ ...next, state: { ...next.state, source: [...source] } });
}

/** Records how the session ended. */
export const ended = (world: World, date: SessionDate, closingCash: Paise): World =>
  write(
    withSessions(
      world,
      world.state.sessions.map((one) => (one.date === date ? { date, closingCash } : one)),
    ),
  );

const withSessions = (world: World, sessions: WorldState['sessions']): World => ({
  ...world,
  state: { ...world.state, sessions },
});

const refused = (message: string): Refused => new Refused({ code: 'WORLD', message });
