// What is on record of a market that goes on elsewhere. Its prices do not come again, so the journal has them wherever
// something of the account depended on them, and nowhere else: a tape as an order looked at it, and a tick that may
// have changed something. A session is rebuilt from that alone.
import type { Depth } from '../../domain/market/depth';
import type { EpochMs } from '../../domain/units';
import type { Seen, Tick } from '../market/source';
import { journalLine, type JournalSink } from './journal';
import type { SessionTime } from './sessionTime';
import type { Tape, TapeState } from './tape';
import type { Tapes } from './tapes';

/** Tapes that changed since they were written down, as a field of a line; empty where none has. */
export interface ChangedTapes {
  readonly tapes?: string;
}

/** What the journal of a killed exchange has of a look; undefined where nothing is being rebuilt. */
export type Recall = (what: string, at: EpochMs) => string | undefined;

export interface MarketRecordParts {
  /** Does the market go on elsewhere? A day that is made here is made again, so nothing of it is kept. */
  readonly isKept: boolean;
  readonly tapes: Pick<Tapes, 'named'>;
  readonly time: Pick<SessionTime, 'now'>;
  readonly journal: JournalSink;
  readonly recall: Recall | undefined;
}

/** A tape as it was written down last. */
type Written = Pick<Tape, 'version' | 'depths'>;

type WrittenTick = Omit<Tick, 'seen'> & {
  /** `same`: the book that stood there before the tick. */
  readonly seen?: Omit<Seen, 'depth'> & { readonly depth: Depth | 'same' };
};

export class MarketRecord {
  private readonly parts: MarketRecordParts;
  private readonly written = new Map<Tape, Written>();

  constructor(parts: MarketRecordParts) {
    this.parts = parts;
  }

  get isKept(): boolean {
    return this.parts.isKept;
  }

  /** For the line of a request that looks at these tapes: it is repeated only once they are as they were. */
  changesOf(tapes: readonly Tape[]): ChangedTapes {
    if (!this.isKept) return {};
    const changed = [...new Set(tapes)].filter(
      (tape) => this.written.get(tape)?.version !== tape.version,
    );
    if (changed.length === 0) return {};
    const states = changed.map((tape) =>
      tape.state(this.written.get(tape)?.depths === tape.depths),
    );
    changed.forEach((tape) => this.settle(tape));
    return { tapes: JSON.stringify(states) };
  }

  /**
   * Something that was due is about to look at these tapes.
   * @param what who looks, and for what: no two at one instant are the same.
   */
  look(what: string, tapes: readonly Tape[]): void {
    const { isKept, time, journal, recall } = this.parts;
    if (!isKept) return;
    const told = recall?.(what, time.now);
    if (told !== undefined) this.restore(told);
    journal(journalLine(time.now, 'look', { what, ...this.changesOf(tapes) }));
  }

  /** A tick is about to meet what rests. @param pass lets it. */
  meet(tape: Tape, tick: Tick, pass: () => void): void {
    const { time, journal } = this.parts;
    const { tradingsymbol } = tape.listing;
    const changed = this.changesOf([tape]);
    const text = JSON.stringify(asWritten(tick, tape));
    journal(journalLine(time.now, 'tick', { tradingsymbol, tick: text, ...changed }));
    pass();
    this.settle(tape);
  }

  /** Makes tapes what the field of a line says. */
  restore(text: string): void {
    for (const state of JSON.parse(text) as readonly TapeState[]) {
      this.parts.tapes.named(state.tradingsymbol).restore(state);
    }
  }

  private settle(tape: Tape): void {
    const { version, depths } = tape;
    this.written.set(tape, { version, depths });
  }
}

function asWritten({ seen, ...tick }: Tick, { depthSeen }: Tape): WrittenTick {
  if (seen === undefined) return tick;
  return { ...tick, seen: { ...seen, depth: seen.depth === depthSeen ? 'same' : seen.depth } };
}

/** The tick of a line, for the tape as it stood before. */
export function readTick(text: string, { depthSeen }: Tape): Tick {
  const { seen, ...tick } = JSON.parse(text) as WrittenTick;
  if (seen === undefined) return tick;
  const depth = seen.depth === 'same' ? (depthSeen ?? { bids: [], asks: [] }) : seen.depth;
  return { ...tick, seen: { ...seen, depth } };
}
