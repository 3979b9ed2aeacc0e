// What the day knows: plain values behind a few verbs, so that handlers and loop cannot disagree on it.
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
  closed: boolean;
  netPnl: Paise;
}

export interface DayState {
  enter(phase: DayPhase): void;
  opened(plan: SessionPlan, cash: Paise): void;
  screened(stocks: number): void;
  analysed(): void;
  halt(halted: boolean): void;
  refused(code: string): void;
  opening(position: OpenedPosition): void;
  report(report: PositionReport, now: EpochMs): void;
  openWorkflows(): readonly string[];
  riskBook(now: EpochMs): RiskBook;
  view(now: EpochMs): DayView;
}

export function dayState({ account, date }: { account: string; date: string }): DayState {
  let phase: DayPhase = 'preflight';
  let plan: SessionPlan | null = null;
  let capital = paise(0);
  let stocks = 0;
  let barsAnalysed = 0;
  let entriesHalted = false;
  const refusals: Record<string, number> = {};
  const positions = new Map<string, TrackedPosition>();
  const list = (): TrackedPosition[] => [...positions.values()];
  const marketAt = (now: EpochMs): EpochMs =>
    plan === null ? epochMs(0) : marketTime(plan.clock, now);
  const score = dayScore();
  return {
    enter: (next) => void (phase = next),
    opened: (found, cash) => {
      plan = found;
      capital = cash;
    },
    screened: (count) => void (stocks = count),
    analysed: () => void (barsAnalysed += 1),
    halt: (halted) => void (entriesHalted = halted),
    refused: (code) => void (refusals[code] = (refusals[code] ?? 0) + 1),
    opening: (position) =>
      void positions.set(position.intentId, { ...position, closed: false, netPnl: paise(0) }),
    report: ({ intentId, closed, netPnl }, now) => {
      const known = positions.get(intentId);
      if (known === undefined) return;
      positions.set(intentId, { ...known, closed, netPnl });
      score.changed(netPnl - known.netPnl);
      if (closed && !known.closed) score.closed(netPnl, marketAt(now));
    },
    openWorkflows: () =>
      list()
        .filter((position) => !position.closed)
        .map((position) => position.workflowId),
    riskBook: (now) => ({
      ...{ now: marketAt(now), capital, entriesHalted, ...score.view() },
      exposures: list().map(
        ({ intentId, instrument, direction, value, risk, closed }): Exposure => ({
          intentId,
          tradingsymbol: instrument.tradingsymbol,
          sector: instrument.sector,
          ...{ direction, value, risk, closed },
        }),
      ),
    }),
    view: (now) => ({
      ...{ account, date, phase, entriesHalted, stocks, barsAnalysed },
      positions: list().map(({ workflowId, instrument, closed, netPnl }) => ({
        workflowId,
        tradingsymbol: instrument.tradingsymbol,
        closed,
        netPnl,
      })),
      refusals: { ...refusals },
      marketAt: marketAt(now),
      closesAt: plan === null ? epochMs(0) : marketTime(plan.clock, plan.close),
    }),
  };
}

type Score = Pick<RiskBook, 'dayPnl' | 'dayPnlPeak' | 'lossesInRow' | 'lastLossAt'>;

/** How the day has gone so far: what halts and the cooldown look at. */
function dayScore(): {
  changed(by: number): void;
  closed(netPnl: Paise, at: EpochMs): void;
  view(): Score;
} {
  let score: Score = { dayPnl: paise(0), dayPnlPeak: paise(0), lossesInRow: 0, lastLossAt: null };
  return {
    changed: (by) => {
      const dayPnl = paise(score.dayPnl + by);
      score = { ...score, dayPnl, dayPnlPeak: paise(Math.max(score.dayPnlPeak, dayPnl)) };
    },
    closed: (netPnl, at) => {
      // An entry that never filled is neither a loss nor a winner.
      if (netPnl > 0) score = { ...score, lossesInRow: 0 };
      if (netPnl < 0) score = { ...score, lossesInRow: score.lossesInRow + 1, lastLossAt: at };
    },
    view: () => score,
  };
}
