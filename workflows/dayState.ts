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
  report(report: PositionReport): void;
  openWorkflows(): readonly string[];
  riskBook(): RiskBook;
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
    report: ({ intentId, closed, netPnl }) => {
      const known = positions.get(intentId);
      if (known !== undefined) positions.set(intentId, { ...known, closed, netPnl });
    },
    openWorkflows: () =>
      list()
        .filter((position) => !position.closed)
        .map((position) => position.workflowId),
    riskBook: () => ({
      capital,
      dayPnl: paise(list().reduce((sum, position) => sum + position.netPnl, 0)),
      entriesHalted,
      exposures: list().map(({ instrument, direction, value, closed }): Exposure => ({
        tradingsymbol: instrument.tradingsymbol,
        sector: instrument.sector,
        direction,
        value,
        closed,
      })),
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
      marketAt: plan === null ? epochMs(0) : marketTime(plan.clock, now),
      closesAt: plan === null ? epochMs(0) : marketTime(plan.clock, plan.close),
    }),
  };
}
