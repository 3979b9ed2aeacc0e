// The journal of an exchange that was killed, read back. What the exchange writes while it is played again has to
// be what stands there, line by line.
import { readFileSync, truncateSync } from 'node:fs';
import { z } from 'zod';
import { Refused, wordsOf } from '../../domain/errors';
import { epochMs, paise, type EpochMs, type Paise } from '../../domain/units';
import type { ClockTerms } from '../engine/marketClock';
import { withoutFields, type JournalLine } from '../engine/journal';
import { restFaults } from '../faults/faultBox';

/** A line and where it stands in the file. */
export interface OldLine {
  readonly number: number;
  readonly line: JournalLine;
}

/** Where the clock stood when it was started or moved last. */
export interface OldClock extends ClockTerms {
  readonly marketAt: EpochMs;
  readonly since: EpochMs;
}

export class OldJournal {
  /** The file it is from. */
  readonly file: string;
  /** Where the session began; undefined where the exchange was killed before it wrote anything. */
  readonly startAt: EpochMs | undefined;
  readonly clock: OldClock | undefined;
  /** What the account began with; undefined as `startAt` is. */
  readonly openingCash: Paise | undefined;
  private readonly lines: readonly OldLine[];
  private position = 0;

  constructor(file: string, text: string) {
    const all = linesOf(file, text);
    this.file = file;
    this.startAt = all[0] && epochMs(all[0].line.marketAt);
    this.clock = clockOf(all);
    this.openingCash = all[0] && paise(Number(all[0].line['openingCash']));
    this.lines = all.filter(({ line }) => isEngines(line));
  }

  /** How many lines have been written again. */
  get repeated(): number {
    return this.position;
  }

  /** The first line that has not been written again; undefined when all have. */
  next(): OldLine | undefined {
    return this.lines[this.position];
  }

  /** The tapes of the next line, where it is that look; undefined where no line is left or another one is next. */
  tapesOf(what: string, at: EpochMs): string | undefined {
    const line = this.next()?.line;
    if (line?.kind !== 'look' || line['what'] !== what || line.marketAt !== at) return undefined;
    return line['tapes'] === undefined ? undefined : String(line['tapes']);
  }

  /** Takes a line the exchange writes now. @returns is it an old one? @throws Refused when it is another. */
  meet(line: JournalLine): boolean {
    const due = this.next();
    if (due === undefined) return false;
    const old = withoutFields(due.line, ['hostAt']);
    if (JSON.stringify(old) !== JSON.stringify(line)) throw this.differs(due, sentence(old, line));
    this.position += 1;
    return true;
  }

  /** The refusal that names a line. */
  differs({ number }: OldLine, why: string): Refused {
    return refused(`line ${number} of ${this.file} ${why}`);
  }
}

/**
 * Reads the journal. A last line that was cut off is dropped from the file: nobody has heard of what it says.
 * @throws Refused EXCHANGE_RESUME
 */
export function readOldJournal(file: string): OldJournal {
  const text = textOf(file);
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const journal = new OldJournal(file, whole);
  if (whole !== text) truncateSync(file, Buffer.byteLength(whole));
  return journal;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = wordsOf(error);
    throw refused(`the journal ${file} cannot be read: ${why}`);
  }
}

const lineShape = z
  .object({ at: z.string(), marketAt: z.int(), kind: z.string() })
  .catchall(z.union([z.string(), z.number(), z.boolean(), z.null()]));

function linesOf(file: string, text: string): readonly OldLine[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const parsed = lineShape.safeParse(asJson(line));
      if (!parsed.success) throw refused(`line ${index + 1} of ${file} is no line of a journal`);
      return { number: index + 1, line: parsed.data as JournalLine };
    });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Written by the engine, not by the clock or a fault of a request: those leave it as it is. */
const isEngines = ({ kind, fault }: JournalLine): boolean =>
  kind !== 'clock' && !(kind === 'fault' && restFaults.some((one) => one === fault));

function clockOf(lines: readonly OldLine[]): OldClock | undefined {
  const found = lines.findLast(({ line }) => line.kind === 'clock');
  if (found === undefined) return undefined;
  const { marketAt, held, speed, hostAt } = found.line;
  return {
    marketAt: epochMs(marketAt),
    held: held === true,
    speed: Number(speed),
    since: epochMs(Number(hostAt)),
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** How the two lines differ, by the first field that does. */
function sentence(old: Fields, line: Fields): string {
  const names = [...new Set([...Object.keys(old), ...Object.keys(line)])];
  const name = names.find((one) => old[one] !== line[one]) ?? 'kind';
  return `says ${name} ${String(old[name])} (${String(old['kind'])}), but what is started here says ${String(line[name])} (${String(line['kind'])})`;
}

const refused = (message: string): Refused => new Refused({ code: 'EXCHANGE_RESUME', message });
