// What the day knows: plain values behind a few verbs, so that handlers and loop cannot disagree on it, and
// that a run which continues as new takes along whole.
import type { Instrument } from '../domain/market/instrument';
import type { Exposure, RiskBook } from '../domain/risk';
import { marketTime, type SessionPlan } from '../domain/session/sessionPlan';
import { epochMs, paise, type Direction, type EpochMs, type Paise } from '../domain/units';
import type { DayPhase, DayView, PositionReport } from './messages';

interface OpenedPosition {
  readonly intentId: string;
  readonly workflowId: string;
  readonly instrument: Instrument;
  readonly direction: Direction;
  readonly value: Paise;
  readonly risk: Paise;
}

interface TrackedPosition extends OpenedPosition {
  readonly closed: boolean;
  readonly netPnl: Paise;
}

type Score = Pick<RiskBook, 'dayPnl' | 'dayPnlPeak' | 'lossesInRow' | 'lastLossAt'>;

/** Plain JSON. */
export interface DayMemory {
  readonly phase: DayPhase;
  readonly plan: SessionPlan | null;
  readonly capital: Paise;
  readonly stocks: number;
  readonly barsAnalysed: number;
  readonly entriesHalted: boolean;
  /** Stocks held by orders that are not ours. */
  readonly quarantined: readonly string[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly positions: readonly TrackedPosition[];
  readonly score: Score;
}

const freshMemory: DayMemory = {
  phase: 'preflight',
  plan: null,
  capital: paise(0),
  stocks: 0,
  barsAnalysed: 0,
  entriesHalted: false,
  quarantined: [],
  refusals: {},
  positions: [],
  score: { dayPnl: paise(0), dayPnlPeak: paise(0), lossesInRow: 0, lastLossAt: null },
};

export class DayState {
  readonly account: string;
  readonly #date: string;
  #memory: DayMemory;

  constructor({ account, date }: { account: string; date: string }, memory?: DayMemory) {
    this.account = account;
    this.#date = date;
    this.#memory = memory ?? freshMemory;
  }

  get memory(): DayMemory {
    return this.#memory;
  }

  #with(change: Partial<DayMemory>): void {
    this.#memory = { ...this.#memory, ...change };
  }

  enter(phase: DayPhase): void {
    this.#with({ phase });
  }

  opened(plan: SessionPlan, capital: Paise): void {
    this.#with({ plan, capital });
  }

  screened(stocks: number): void {
    this.#with({ stocks });
  }

  analysed(): void {
    this.#with({ barsAnalysed: this.#memory.barsAnalysed + 1 });
  }

  halt(entriesHalted: boolean): void {
    this.#with({ entriesHalted });
  }

  quarantine(quarantined: readonly string[]): void {
    this.#with({ quarantined });
  }

  refused(code: string): void {
    const { refusals } = this.#memory;
    this.#with({ refusals: { ...refusals, [code]: (refusals[code] ?? 0) + 1 } });
  }

  /** Counted from now on; one known already is counted once. */
  opening(position: OpenedPosition): void {
    const others = this.#memory.positions.filter(({ intentId }) => intentId !== position.intentId);
    this.#with({ positions: [...others, { ...position, closed: false, netPnl: paise(0) }] });
  }

  report({ intentId, closed, netPnl }: PositionReport, now: EpochMs): void {
    const { positions, score } = this.#memory;
    const known = positions.find((position) => position.intentId === intentId);
    if (known === undefined) return;
    const changed = scoreChanged(score, netPnl - known.netPnl);
    this.#with({
      positions: positions.map((position) =>
        position === known ? { ...known, closed, netPnl } : position,
      ),
      score: closed && !known.closed ? scoreClosed(changed, netPnl, this.#marketAt(now)) : changed,
    });
  }

  openIntents(): readonly string[] {
    return this.#open().map((position) => position.intentId);
  }

  openWorkflows(): readonly string[] {
    return this.#open().map((position) => position.workflowId);
  }

  riskBook(now: EpochMs): RiskBook {
    const { capital, entriesHalted, quarantined, score, positions } = this.#memory;
    return {
      ...{ now: this.#marketAt(now), capital, entriesHalted, quarantined, ...score },
      exposures: positions.map(
        ({ intentId, instrument, direction, value, risk, closed }): Exposure => ({
          intentId,
          tradingsymbol: instrument.tradingsymbol,
          sector: instrument.sector,
          ...{ direction, value, risk, closed },
        }),
      ),
    };
  }

  view(now: EpochMs): DayView {
    const { phase, entriesHalted, stocks, barsAnalysed, positions, refusals, plan } = this.#memory;
    return {
      ...{ account: this.account, date: this.#date, phase, entriesHalted, stocks, barsAnalysed },
      positions: positions.map(({ workflowId, instrument, closed, netPnl }) => ({
        workflowId,
        tradingsymbol: instrument.tradingsymbol,
        closed,
        netPnl,
      })),
      refusals,
      marketAt: this.#marketAt(now),
      closesAt: plan === null ? epochMs(0) : marketTime(plan.clock, plan.close),
    };
  }

  #open(): readonly TrackedPosition[] {
    return this.#memory.positions.filter((position) => !position.closed);
  }

  #marketAt(now: EpochMs): EpochMs {
    const { plan } = this.#memory;
    return plan === null ? epochMs(0) : marketTime(plan.clock, now);
  }
}

function scoreChanged(score: Score, by: number): Score {
  const dayPnl = paise(score.dayPnl + by);
  return { ...score, dayPnl, dayPnlPeak: paise(Math.max(score.dayPnlPeak, dayPnl)) };
}

/** An entry that never filled is neither a loss nor a winner. */
function scoreClosed(score: Score, netPnl: Paise, at: EpochMs): Score {
  if (netPnl > 0) return { ...score, lossesInRow: 0 };
  return netPnl < 0 ? { ...score, lossesInRow: score.lossesInRow + 1, lastLossAt: at } : score;
}
