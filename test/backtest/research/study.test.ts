// Goal: a study can be killed anywhere and is the same study afterwards; it refuses what has changed; nothing of the
// search sees the hold-out or a fold's later days.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHoldOut } from '../../../backtest/research/openHoldOut';
import { search } from '../../../backtest/research/search';
import {
  Study,
  type FinishedTrial,
  type Method,
  type StudyHeader,
} from '../../../backtest/research/study';
import { bestOf, studyDays, studyDocument } from '../../../backtest/research/studyDocument';
import { chanceFor } from '../../../exchange/market/chance';
import { dates, fakePlayers, headerWith, type FakePlayers } from './fakePlayers';

const folder = mkdtempSync(join(tmpdir(), 'ratchet-study-'));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;
const newFolder = (): string => join(folder, String((made += 1)));

/** @param until ends the process, so to say, after so many trials. */
async function searched(
  study: Study,
  trials: number,
  { players = fakePlayers(), until = Infinity }: { players?: FakePlayers; until?: number } = {},
): Promise<void> {
  const { searched: days, folds } = studyDays(study.header);
  let left = until;
  const onTrial = (trial: FinishedTrial): void => {
    if ((left -= 1) < 0) throw new Error('killed');
    study.add(trial);
  };
  const work = { header: study.header, dates: days, folds, players, trials, onTrial };
  await search(work, study.trials()).catch((error: unknown) => {
    if (!(error instanceof Error) || error.message !== 'killed') throw error;
  });
}

const linesIn = (of: string): string => readFileSync(join(of, 'trials.jsonl'), 'utf8');

test.each<Method>(['random', 'tpe'])(
  'killed after any trial, and in the middle of a line, a %s search goes on as if it had not been',
  async (method) => {
    const whole = newFolder();
    await searched(Study.begin(whole, headerWith({ method })), 16);
    for (const until of [0, 1, 7, 15]) {
      const cut = newFolder();
      await searched(Study.begin(cut, headerWith({ method })), 16, { until });
      appendFileSync(join(cut, 'trials.jsonl'), '{"trial":99,"poi');
      await searched(Study.open(cut), 16);
      expect(linesIn(cut)).toBe(linesIn(whole));
    }
  },
);

test('no point is tried twice, and a space that has no more ends the search', async () => {
  const header = { ...headerWith(), space: headerWith().space.slice(0, 1) };
  const study = Study.begin(newFolder(), header);
  await searched(study, 50);
  const points = study.trials().map(({ point }) => JSON.stringify(point));
  expect(new Set(points).size).toBe(points.length);
  expect(points).toHaveLength(7);
});

test('a grid is every combination, and values that do not fit each other are refused and kept', async () => {
  const header = headerWith({ method: 'grid' });
  const fullSize = { key: 'decision.fullSizeScore', kind: 'choice', choices: [0.4, 0.9] } as const;
  const study = Study.begin(newFolder(), { ...header, space: [...header.space, fullSize] });
  await searched(study, 7 * 9 * 2);
  const refused = study.trials().filter((trial) => trial.refused !== null);
  expect(study.trials()).toHaveLength(7 * 9 * 2);
  expect(refused).toHaveLength(5 * 9);
  expect(refused[0]?.refused).toContain('decision.fullSizeScore must be beyond both thresholds');
  const document = await studyDocument(study, { players: fakePlayers(), twins: 0 });
  expect(document.figures.evidence.trials).toBe(7 * 9 * 2 - 5 * 9);
});

test.each<[string, Partial<StudyHeader>]>([
  ['the candles of its days', { data: 'other' }],
  ['the code', { code: 'other' }],
  ['the space', { space: headerWith().space.slice(1) }],
  ['the days', { dates: dates.slice(1) }],
  ['the configuration', { written: { risk: { leverage: 2 } } }],
  ['the engine', { engine: { ...headerWith().engine, model: '2' } }],
  ['method, seed, objective, folds', { terms: { ...headerWith().terms, seed: 6 } }],
  ['the candles of its days; the code', { code: 'x', data: 'y' }],
])('it does not go on where something has changed: %s', (what, change) => {
  const study = Study.begin(newFolder(), headerWith());
  expect(() => study.requireSame({ ...headerWith(), ...change })).toThrow(what);
});

test('it goes on where the candles have moved to another folder', () => {
  const study = Study.begin(newFolder(), headerWith());
  const engine = { ...headerWith().engine, directory: 'elsewhere' };
  expect(() => study.requireSame({ ...headerWith(), engine })).not.toThrow();
});

test('a folder without a study, with one already, or with a broken line is refused', () => {
  const one = newFolder();
  expect(() => Study.open(one)).toThrow('holds no study');
  const study = Study.begin(one, headerWith());
  expect(() => Study.begin(one, headerWith())).toThrow('add --resume to go on with it');
  writeFileSync(join(one, 'trials.jsonl'), 'nonsense\n');
  expect(() => study.trials()).toThrow('line 1 is no line of a study');
});

const notAfter = (header: StudyHeader, fold: number): string => {
  const { searched: days, folds } = studyDays(header);
  return days[(folds[fold]?.train.until ?? 0) - 1] ?? '';
};

test('what a fold may choose does not change with the days after those that choose', async () => {
  const header = headerWith({ method: 'tpe' });
  const pointsWith = async (fold: number, change: number): Promise<unknown> => {
    const last = notAfter(header, fold);
    const players = fakePlayers((date, { decision, risk }) => {
      const score = 100 * decision.longThreshold - Math.abs(risk.riskPerTradeBps - 25);
      const noise = 10 * chanceFor(2, date).normal();
      return date <= last ? score + noise : change * score;
    });
    const study = Study.begin(newFolder(), header);
    await searched(study, 36, { players });
    return study
      .trials()
      .filter((trial) => trial.fold <= fold)
      .map(({ trial, point }) => [trial, point]);
  };
  expect(await pointsWith(0, 1)).toEqual(await pointsWith(0, -5));
  expect(await pointsWith(1, 1)).toEqual(await pointsWith(1, -5));
});

test('the search never asks for a day of the hold-out or its embargo', async () => {
  const players = fakePlayers();
  const study = Study.begin(newFolder(), headerWith());
  await searched(study, 6, { players });
  const document = await studyDocument(study, { players, twins: 2 });
  expect(document.held).toEqual(dates.slice(16));
  expect(new Set(players.asked)).toEqual(new Set(dates.slice(0, 15)));
});

test('the joined curve is each fold’s choice on the days that judge, and nothing else', async () => {
  const study = Study.begin(newFolder(), headerWith());
  await searched(study, 20);
  const {
    folds,
    outOfSample,
    searched: days,
  } = await studyDocument(study, {
    players: fakePlayers(),
    twins: 3,
  });
  const expected = folds.flatMap(({ trial, test: judged }) =>
    days.slice(judged.from, judged.until).map((date) => {
      const day = study.trials()[trial]?.days[days.indexOf(date)];
      return { date, netPnl: day?.netPnl };
    }),
  );
  expect(outOfSample).toEqual(expected);
  expect(outOfSample.map(({ date }) => date)).toEqual(days.slice(4));
});

test('random entries are played once and kept', async () => {
  const study = Study.begin(newFolder(), headerWith());
  await searched(study, 6);
  const first = await studyDocument(study, { players: fakePlayers(), twins: 4 });
  const players = fakePlayers();
  const again = await studyDocument(study, { players, twins: 4 });
  expect(players.asked).toEqual([]);
  expect(again).toEqual(first);
});

test('the hold-out is opened once as a test; later openings say when it was', async () => {
  const study = Study.begin(newFolder(), headerWith());
  await searched(study, 6);
  const players = fakePlayers();
  const first = await openHoldOut(study, players, '2026-11-27T10:00:00.000Z');
  expect(players.asked).toEqual(dates.slice(16));
  expect(first.sentence).toMatch(
    /^The hold-out of 4 days, opened for the first time: trial \d made −?₹[\d,.]+ a day after charges, too few days for an interval\.$/,
  );
  expect(first.trial).toBe(bestOf(study).trial);
  const second = await openHoldOut(study, players, '2026-11-28T10:00:00.000Z');
  expect(second.sentence).toContain(
    'opened before, once (2026-11-27T10:00:00.000Z), so this is no test any more',
  );
  const { claim, openings } = await studyDocument(study, { players, twins: 0 });
  expect(openings).toHaveLength(2);
  expect(claim.sentence).toContain('has been opened 2 times, of which only the first was a test');
});

test('a study without a hold-out has none to open', async () => {
  const study = Study.begin(newFolder(), headerWith({ holdOut: 0 }));
  await searched(study, 3);
  await expect(openHoldOut(study, fakePlayers(), 'now')).rejects.toThrow('holds no days out');
});
