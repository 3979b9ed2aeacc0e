// The whole drill: a shadow, then a live day on the stand-in with everything going wrong that goes wrong, then a
// day's end at which the session is over. One result, to be compared with what must hold.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { judge, type Verdict } from '../../support/journalCheck';
import { eventually } from '../../support/ratchet';
import {
  arm,
  everythingDies,
  feedIsCut,
  installationId,
  moments,
  secondInstallation,
  sessionEnds,
  workerStandsStill,
  type Drill,
} from './acts';
import { Installation } from './installation';
import { holesOf, ledgerDiffPaise } from './measures';
import { StandIn, type StandInOptions } from './standIn';
import {
  duplicateEntries,
  entriesIn,
  entriesOnHoles,
  uncoveredMaxMs,
  type Point,
  type Span,
} from './verdict';

export interface DrillPlan {
  readonly folder: string;
  readonly date: string;
  readonly seed: number;
  /** Market time over host time. */
  readonly speed: number;
  readonly shadowMs: number;
  /** The live day goes on for so long after its acts. */
  readonly liveMs: number;
  readonly lasts: Drill['lasts'];
}

export interface DrillResult {
  readonly uncoveredMaxMs: number;
  readonly alertedMaxMs: number;
  readonly entriesOnHoles: number;
  readonly shadowWrites: number;
  readonly duplicateEntries: number;
  readonly ledgerDiffPaise: number;
  /** Outages gone through. */
  readonly points: number;
  readonly entries: number;
  readonly violations: readonly string[];
}

type Tell = (line: string) => void;

/** @throws Error when an act does not come about or nobody is told of it. */
export async function liveDrill(plan: DrillPlan, tell: Tell): Promise<DrillResult> {
  const [shadowWrites, { morning, day, evening }] = await bothEnded(
    shadowDay(plan, tell),
    tradedDays(plan, tell),
  );
  const points = [...morning, ...evening.points];
  return {
    uncoveredMaxMs: Math.max(day.uncoveredMaxMs, evening.uncoveredMaxMs),
    alertedMaxMs: Math.max(...points.map(({ alertedMs }) => alertedMs)),
    entriesOnHoles: day.entriesOnHoles,
    shadowWrites,
    duplicateEntries: day.duplicateEntries + evening.duplicateEntries,
    ledgerDiffPaise: day.ledgerDiffPaise + evening.ledgerDiffPaise,
    points: points.length,
    entries: day.entries + evening.entries,
    violations: [...day.violations, ...evening.violations],
  };
}

async function tradedDays(plan: DrillPlan, tell: Tell) {
  const { points: morning, ...day } = await liveDay(plan, tell);
  return { morning, day, evening: await squareOffDay(plan, tell) };
}

/** A shadow waits for the broker's own clock, so the other days run beside it. None outlives a failure of the other. */
async function bothEnded<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

const standInOf = (
  { folder, date, seed, speed }: DrillPlan,
  name: string,
  change: Pick<StandInOptions, 'startAt'> & Partial<StandInOptions>,
): Promise<StandIn> => {
  mkdirSync(join(folder, name), { recursive: true });
  return StandIn.start({ folder: join(folder, name), date, seed, speed, ...change });
};

type DayOutcome = Omit<DrillResult, 'alertedMaxMs' | 'points' | 'shadowWrites'> & {
  readonly points: Point[];
};

async function liveDay(plan: DrillPlan, tell: Tell): Promise<DayOutcome> {
  const standIn = await standInOf(plan, 'live', { startAt: '09:40' });
  try {
    const one = new Installation(join(plan.folder, 'one'), standIn, 'live');
    const drill = { standIn, one, date: plan.date, tell, lasts: plan.lasts };
    try {
      const points = await actsOf(drill, plan);
      return await outcomeOf(drill, points);
    } finally {
      await one.stop();
    }
  } finally {
    await standIn.stop();
  }
}

/** A shadow follows the broker's own clock, so its stand-in has no other speed. */
async function shadowDay(plan: DrillPlan, tell: Tell): Promise<number> {
  const standIn = await standInOf(plan, 'shadow', { startAt: '09:40', speed: 1 });
  const system = new Installation(join(plan.folder, 'shadow-home'), standIn, 'shadow');
  try {
    await system.login();
    await system.up();
    await system.startDay(plan.date);
    await sleep(plan.shadowMs);
    const trades = await eventually(async () => {
      const rows = await system.rows<{ count: string }>('select count(*) from fill');
      return Number(rows[0]?.count) > 0 ? Number(rows[0]?.count) : undefined;
    }, 15 * 60_000);
    tell(`shadow: ${trades} trades on the broker's prices, ${standIn.writes} orders at it`);
    return standIn.writes;
  } finally {
    await system.stop();
    await standIn.stop();
  }
}

async function actsOf(drill: Drill, plan: DrillPlan): Promise<Point[]> {
  const { one, date } = drill;
  await one.login();
  await one.enable();
  await one.up();
  // The day goes on to its screening as soon as it has a session.
  const screening = arm(drill.standIn, moments.screening);
  const points = [
    await sessionEnds(drill, 'preflight', 'now', () => one.startDay(date)),
    await sessionEnds(drill, 'screening', screening),
    await sessionEnds(drill, 'entry sent', moments['entry sent']),
    await sessionEnds(drill, 'between fill and stop', moments['between fill and stop']),
    await sessionEnds(drill, 'trailing', moments.trailing),
    await feedIsCut(drill),
    await workerStandsStill(drill),
    await everythingDies(drill),
    await sessionEnds(drill, 'at rest', 'now'),
    await secondInstallation(drill, join(plan.folder, 'two')),
    await sessionEnds(drill, 'during close-all', moments.leaving, () =>
      one.done(['close-all', '--account', 'drill', '--date', date]),
    ),
  ];
  await one.resumeEntries(date);
  await sleep(plan.liveMs);
  await one.done(['close-all', '--account', 'drill', '--date', date]);
  return points;
}

/** A day shortly before its end: its positions are left by their own timers, and the session ends just then. */
async function squareOffDay(plan: DrillPlan, tell: Tell): Promise<DayOutcome> {
  const standIn = await standInOf(plan, 'evening', { startAt: '13:40', speed: 30 });
  try {
    const one = new Installation(join(plan.folder, 'evening-home'), standIn, 'live');
    // The market runs fast here: a session that is away long would be away for hours.
    const lasts = { ...plan.lasts, dark: 1_000 };
    const drill = { standIn, one, date: plan.date, tell, lasts };
    await one.login();
    await one.enable();
    await one.up();
    try {
      await one.startDay(plan.date);
      const points = [await sessionEnds(drill, 'leaving before the close', moments.leaving)];
      return await outcomeOf(drill, points);
    } finally {
      await one.stop();
    }
  } finally {
    await standIn.stop();
  }
}

const verdictOf = ({ journalFile }: StandIn): Verdict =>
  judge(readFileSync(journalFile, 'utf8'), Infinity);

/** Something held, or an order that may still trade (I7 of docs/reliability.md). */
const isAnythingLeft = (standIn: StandIn): boolean =>
  verdictOf(standIn).violations.some((sentence) => sentence.startsWith('I7'));

/** Our records follow the broker within seconds. The broker is asked only once nothing of ours is open. */
async function settledDiff(one: Installation, standIn: StandIn): Promise<number> {
  await eventually(() => isSettled(one), 60_000).catch(() => undefined);
  return ledgerDiffPaise(one, standIn);
}

async function isSettled(one: Installation): Promise<true | undefined> {
  const [open] = await one.rows<{ count: string }>(
    `select count(*) from intent i where exists (select 1 from fill f where f.intent_id = i.intent_id)
       and not exists (select 1 from position_result r where r.intent_id = i.intent_id)`,
  );
  return open?.count === '0' || undefined;
}

/** Waits until nothing is held, and judges. */
async function outcomeOf({ standIn, one, tell }: Drill, points: Point[]): Promise<DayOutcome> {
  // An entry that nobody knows the outcome of is watched to the session's end: what counts is the broker.
  await eventually(() => !isAnythingLeft(standIn) || undefined, 4 * 60_000).catch(() =>
    tell(`still at the broker: ${verdictOf(standIn).violations.join('; ')}`),
  );
  const journal = standIn.journal();
  const verdict = verdictOf(standIn);
  const dark: Span[] = points.map((point) => point.dark);
  const entries = entriesIn(journal);
  return {
    points,
    uncoveredMaxMs: uncoveredMaxMs(verdict.uncovered, standIn.clock, dark),
    entriesOnHoles: entriesOnHoles(entries, await holesOf(one, standIn, points)),
    duplicateEntries: duplicateEntries(journal, installationId(one.home)),
    ledgerDiffPaise: await settledDiff(one, standIn),
    entries: entries.length,
    violations: verdict.violations,
  };
}
