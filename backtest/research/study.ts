// A study is a folder: what it is (`study.json`), one line a finished trial (`trials.jsonl`), and every opening of its
// hold-out (`openings.jsonl`). A line is on the disk before the next trial is suggested, so a study that was killed
// goes on where it was.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Refused } from '../../domain/errors';
import type { Objective } from '../../domain/research/objective';
import type { Point, Space } from '../../domain/research/space';
import type { FoldTerms } from '../../domain/research/walkForward';
import type { SessionDate } from '../../domain/session/calendar';
import type { EngineSpec } from './engines';

export const methods = ['random', 'grid', 'tpe'] as const;
export type Method = (typeof methods)[number];

/** Everything that the results of a study depend on. */
export interface StudyHeader {
  readonly space: Space;
  readonly terms: FoldTerms & {
    readonly method: Method;
    readonly seed: number;
    readonly objective: Objective;
    /** Share of the days that the search never sees. */
    readonly holdOut: number;
  };
  /** All days, those of the hold-out last. */
  readonly dates: readonly SessionDate[];
  readonly engine: EngineSpec;
  /** The configuration as it was written. */
  readonly written: unknown;
  /** Fingerprints of the candles and of the code. */
  readonly data: string;
  readonly code: string;
  /** Hashes of the user's strategies in use; absent of older studies. */
  readonly strategies?: readonly string[];
}

/** A day of a trial. Money in paise. */
export interface TrialDay {
  readonly netPnl: number;
  readonly grossPnl: number;
  readonly charges: number;
  readonly entries: number;
  /** Net results of its trades, in the order they were closed. */
  readonly trades: readonly number[];
}

export interface FinishedTrial {
  readonly trial: number;
  /** The first fold that may choose it. */
  readonly fold: number;
  readonly point: Point;
  /** By the days of the search; none where it was refused. */
  readonly days: readonly TrialDay[];
  /** Why the configuration cannot be played; null where it was. */
  readonly refused: string | null;
}

/** An opening of the hold-out: when, and what it said. */
export interface Opening {
  /** ISO 8601. */
  readonly at: string;
  readonly trial: number;
  readonly point: Point;
  readonly days: readonly { readonly date: SessionDate; readonly netPnl: number }[];
  readonly sentence: string;
}

function refuse(message: string): never {
  throw new Refused({ code: 'STUDY_FOLDER', message });
}

/** What of two headers differs, in words; the folder the candles lie in may be another. */
export function differencesOf(one: StudyHeader, other: StudyHeader): readonly string[] {
  const parts = ({ engine, ...header }: StudyHeader): readonly (readonly [string, unknown])[] => [
    ['the candles of its days', header.data],
    ['the days', header.dates],
    ['the space', header.space],
    ['the engine', { ...engine, directory: '' }],
    ['the configuration', header.written],
    ['method, seed, objective, folds, embargo or hold-out', header.terms],
    ['the code', header.code],
    ['the code of strategies', header.strategies ?? []],
  ];
  const others = parts(other);
  return parts(one)
    .filter(([, value], index) => JSON.stringify(value) !== JSON.stringify(others[index]?.[1]))
    .map(([name]) => name);
}

/** Appends a line, and returns when it is on the disk. */
function append(file: string, line: unknown): void {
  const handle = openSync(file, 'a');
  try {
    writeSync(handle, `${JSON.stringify(line)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Whole lines. A last one that was being written when the process ended is cut off. */
function linesOf(file: string): readonly unknown[] {
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  const whole = bytes.lastIndexOf(0x0a) + 1;
  if (whole < bytes.length) truncateSync(file, whole);
  const lines = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      return refuse(`"${file}" line ${index + 1} is no line of a study`);
    }
  });
}

function storeWhole(file: string, value: unknown): void {
  const handle = openSync(`${file}.new`, 'w');
  try {
    writeSync(handle, `${JSON.stringify(value)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(`${file}.new`, file);
}

export class Study {
  readonly #folder: string;
  readonly header: StudyHeader;

  private constructor(folder: string, header: StudyHeader) {
    this.#folder = folder;
    this.header = header;
  }

  /** @throws Refused STUDY_FOLDER where the folder holds a study already. */
  static begin(folder: string, header: StudyHeader): Study {
    const file = join(folder, 'study.json');
    if (existsSync(file))
      refuse(`--study "${folder}" holds a study; add --resume to go on with it, or name another`);
    mkdirSync(folder, { recursive: true });
    storeWhole(file, header);
    return new Study(folder, header);
  }

  /** @throws Refused STUDY_FOLDER where there is none. */
  static open(folder: string): Study {
    const file = join(folder, 'study.json');
    if (!existsSync(file)) refuse(`--study "${folder}" holds no study`);
    return new Study(folder, JSON.parse(readFileSync(file, 'utf8')) as StudyHeader);
  }

  /** @throws Refused STUDY_DIFFERS naming what is not as it was. */
  requireSame(header: StudyHeader): void {
    const differences = differencesOf(this.header, header);
    if (differences.length === 0) return;
    throw new Refused({
      code: 'STUDY_DIFFERS',
      message: `the study in "${this.#folder}" cannot go on, since something is not as it was when it began: ${differences.join('; ')}; begin another`,
    });
  }

  trials(): readonly FinishedTrial[] {
    return linesOf(join(this.#folder, 'trials.jsonl')) as readonly FinishedTrial[];
  }

  add(trial: FinishedTrial): void {
    append(join(this.#folder, 'trials.jsonl'), trial);
  }

  openings(): readonly Opening[] {
    return linesOf(join(this.#folder, 'openings.jsonl')) as readonly Opening[];
  }

  addOpening(opening: Opening): void {
    append(join(this.#folder, 'openings.jsonl'), opening);
  }

  /** Random entries beside the same choices, where they have been played. */
  keptTwins(key: string): readonly (readonly number[])[] | undefined {
    const [kept] = linesOf(join(this.#folder, 'twins.json')) as readonly KeptTwins[];
    return kept?.key === key ? kept.runs : undefined;
  }

  keepTwins(key: string, runs: readonly (readonly number[])[]): void {
    storeWhole(join(this.#folder, 'twins.json'), { key, runs } satisfies KeptTwins);
  }
}

interface KeptTwins {
  readonly key: string;
  readonly runs: readonly (readonly number[])[];
}
