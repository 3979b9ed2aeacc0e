// What goes wrong in the drill, one act after the other, each with when somebody could know of it, when somebody
// was told, and when it was over.
import { setTimeout as sleep } from 'node:timers/promises';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../support/ratchet';
import { account, Installation } from './installation';
import type { Moment, SeenRequest, StandIn } from './standIn';
import type { Point } from './verdict';

export interface Drill {
  readonly standIn: StandIn;
  readonly one: Installation;
  readonly date: string;
  readonly tell: (line: string) => void;
  /** Host milliseconds. */
  readonly lasts: {
    /** A session stays lost. */
    readonly dark: number;
    readonly feedCut: number;
    readonly workerStop: number;
  };
}

/** A generous while: a bar, and whatever it needs. */
const momentMs = 4 * 60_000;

const isOrder =
  (method: string, orderType: string) =>
  ({ method: of, path, form }: SeenRequest): boolean =>
    of === method && path.startsWith('/orders/regular') && form.get('order_type') === orderType;

type When = Pick<Moment, 'when' | 'place'>;

/** The moments at which a session ends, in the words of the day. */
export const moments = {
  screening: { when: ({ path }) => /^\/instruments\/(NSE|NFO)/.test(path), place: 'before' },
  'entry sent': { when: isOrder('POST', 'LIMIT'), place: 'after' },
  'between fill and stop': { when: isOrder('POST', 'SL'), place: 'before' },
  trailing: { when: isOrder('PUT', 'SL'), place: 'before' },
  backfill: {
    when: ({ path }) => path.startsWith('/instruments/historical/'),
    place: 'before',
  },
  leaving: { when: isOrder('PUT', 'LIMIT'), place: 'before' },
} as const satisfies Record<string, When>;

async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  const late = sleep(momentMs, undefined, { ref: false }).then(() => {
    throw new Error(`${what} did not come in ${momentMs / 1_000} s`);
  });
  return Promise.race([work, late]);
}

/** A moment that is watched for already. */
interface Armed {
  readonly ended: Promise<void>;
}

/** Watches for a moment that comes before the act before it is over. */
export const arm = (standIn: StandIn, { when, place }: When): Armed => ({
  ended: standIn.at(when, place, () => standIn.endSession()),
});

const armed = (standIn: StandIn, moment: When | Armed): Promise<void> =>
  ('ended' in moment ? moment : arm(standIn, moment)).ended;

/**
 * The session ends at a moment, somebody is told, and a person logs in a while later.
 * @param provoke makes the moment come; it may fail, since the session ends in the midst of it.
 */
export async function sessionEnds(
  { standIn, one, tell, lasts }: Drill,
  name: string,
  moment: When | Armed | 'now',
  provoke: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Point> {
  const begun = Date.now();
  const ended = moment === 'now' ? standIn.endSession() : armed(standIn, moment);
  const provoked = provoke().catch(() => undefined);
  await inTime(name, ended);
  const from = await eventually(() => standIn.refusedAt ?? undefined, momentMs);
  const told = await one.alerted('session.lost', begun);
  await sleep(lasts.dark);
  const until = await one.login();
  await one.alerted('session.back', until - 1_000);
  await provoked;
  tell(`${name}: told after ${told - from} ms, dark for ${until - from} ms`);
  return { name, alertedMs: Math.max(0, told - from), dark: { from, until } };
}

/** A session that was lost takes the feed with it. */
const feedIsHeard = (one: Installation): Promise<unknown> =>
  eventually(async () => {
    const feed = (await one.alerts(0)).filter(({ type }) => /^feed\.(lost|back)$/.test(type));
    return feed.at(-1)?.type !== 'feed.lost' || undefined;
  }, momentMs);

export async function feedIsCut({ standIn, one, tell, lasts }: Drill): Promise<Point> {
  await feedIsHeard(one);
  const from = Date.now();
  standIn.cutFeed();
  const told = await one.alerted('feed.lost', from);
  await sleep(Math.max(0, from + lasts.feedCut - Date.now()));
  standIn.mendFeed();
  const until = Date.now();
  await one.alerted('feed.back', until - 1_000);
  tell(`feed cut for ${until - from} ms: told after ${told - from} ms`);
  return {
    name: 'feed cut',
    alertedMs: told - from,
    dark: { from, until: from },
    unheard: { from, until },
  };
}

/** Nobody can tell of it before it goes on. */
export async function workerStandsStill({ one, tell, lasts }: Drill): Promise<Point> {
  const from = Date.now();
  one.signal('worker', 'SIGSTOP');
  await sleep(lasts.workerStop);
  one.signal('worker', 'SIGCONT');
  const until = Date.now();
  const told = await one.alerted('process.stalled', from);
  tell(`worker stopped for ${until - from} ms: told ${told - until} ms after it went on`);
  return { name: 'worker stopped', alertedMs: Math.max(0, told - until), dark: { from, until } };
}

const openMin = 3;

/** Positions whose stop rests, by our records. */
async function openTags({ one }: Drill): Promise<readonly string[]> {
  const rows = await one.rows<{ intent_id: string }>(
    `select i.intent_id from intent i where i.account = $1
       and not exists (select 1 from position_result r where r.intent_id = i.intent_id)
       and exists (select 1 from broker_order o where o.intent_id = i.intent_id and o.status = 'TRIGGER PENDING')`,
    [account],
  );
  return rows.map(({ intent_id: id }) => id);
}

/** Everything dies at once with positions open; they are taken up when the system is back. */
export async function everythingDies(drill: Drill): Promise<Point> {
  const { one, tell } = drill;
  const open = await eventually(async () => {
    const tags = await openTags(drill);
    return tags.length >= openMin ? tags : undefined;
  }, momentMs);
  const from = Date.now();
  await one.killAll();
  await one.up();
  const until = Date.now();
  const told = await one.alerted('system.recovered', from);
  await one.withWorkflows(async (views) => {
    for (const tag of open) await eventually(() => views(tag), momentMs);
  });
  const taken = Date.now();
  tell(
    `everything killed with ${open.length} open: back after ${until - from} ms, all taken up after ${taken - from} ms, told ${told - until} ms after it was back`,
  );
  const dark = { from, until };
  return { name: 'everything killed', alertedMs: Math.max(0, told - until), dark, unheard: dark };
}

/** Another Ratchet is started on the account. It must not trade, and somebody must be told. */
export async function secondInstallation(drill: Drill, home: string): Promise<Point> {
  const { standIn, one, date, tell } = drill;
  const two = new Installation(home, standIn, 'live');
  const session = (of: string): string => join(of, 'accounts', account, 'session.json');
  mkdirSync(join(home, 'accounts', account), { recursive: true, mode: 0o700 });
  copyFileSync(session(one.home), session(home));
  await two.enable();
  await two.up();
  try {
    const from = Date.now();
    await two.startDay(date);
    const told = await two.alerted('account.other_installation', from);
    tell(`second installation: told after ${told - from} ms`);
    return { name: 'second installation', alertedMs: told - from, dark: { from, until: from } };
  } finally {
    await two.stop();
  }
}

/** The id an installation has drawn. */
export const installationId = (home: string): string =>
  (JSON.parse(readFileSync(join(home, 'installation.json'), 'utf8')) as { id: string }).id;
