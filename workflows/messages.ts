// The messages that workflows take, and the ids they are found by. The gateway, the CLI and older code still
// running depend on their shapes: fields are added, never changed.
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Mode } from '../domain/live/mode';
import type { OrderReport } from '../domain/orders/order';
import type { PolicyEffect, PositionView } from '../domain/position';
import type { RolloutReport } from '../domain/rollout/report';
import type { TrailingPolicy } from '../domain/trailing';
import type { EpochMs, Paise } from '../domain/units';

/** Prices since the last crossing signal, from the first one outside the band on, oldest first. */
export interface Crossing {
  /** Grows with every start of the sender; absent of senders before there was any. */
  readonly epoch?: number;
  /** Grows with every signal of the sender, so that repeats are dropped. */
  readonly seq: number;
  readonly path: readonly Paise[];
}

/** What a position reports to its day. Money in paise. */
export interface PositionReport {
  readonly intentId: string;
  readonly closed: boolean;
  /** Profit after charges; 0 until closed. */
  readonly netPnl: Paise;
}

export type DayPhase =
  | 'preflight'
  | 'waitingForLogin'
  | 'screening'
  | 'waiting'
  | 'trading'
  | 'closing'
  | 'reporting'
  | 'done';

/** Why the day has not begun: nobody is logged in at the broker. */
export interface LoginWait {
  /** Host clock. */
  readonly since: EpochMs;
  readonly why: string;
  /** The page on which a person logs in; null before the first login. */
  readonly login: string | null;
}

/** A check that blocks entries. */
export interface Blocker {
  readonly id: string;
  readonly found: string;
  readonly remedy: string;
}

/** The newest pass over the news: when it was, and which sources could not be read. */
export interface NewsView {
  readonly asOf: EpochMs;
  readonly headlines: number;
  readonly failures: readonly {
    readonly source: string;
    readonly why: string;
    readonly timesInARow: number;
  }[];
}

/** The day at a glance. */
export interface DayView {
  /** null before pre-flight; absent from days that an older version runs. */
  readonly mode?: Mode | null;
  readonly account: string;
  readonly date: string;
  readonly phase: DayPhase;
  readonly entriesHalted: boolean;
  readonly stocks: number;
  readonly barsAnalysed: number;
  readonly positions: readonly {
    readonly workflowId: string;
    readonly tradingsymbol: string;
    readonly closed: boolean;
    readonly netPnl: Paise;
  }[];
  readonly refusals: Readonly<Record<string, number>>;
  /** null where there is a session; absent of days that an older version runs, like the next. */
  readonly waitingForLogin?: LoginWait | null;
  /** The checks for which nothing is entered. */
  readonly notReady?: readonly Blocker[];
  /** Of pre-flight; absent of days started before there were any. */
  readonly warnings?: readonly string[];
  /** null before the first pass; absent from days that an older version runs. */
  readonly news?: NewsView | null;
  /** Market clock: where the day stands, and where it ends. */
  readonly marketAt: EpochMs;
  readonly closesAt: EpochMs;
  /** Signals that were not ours or made no sense, since the history began. */
  readonly droppedMessages?: number;
}

export const crossedSignal = defineSignal<[Crossing]>('crossed');
/** An order of the account has changed; with a report where the order bears the position's tag. */
export const orderHintSignal = defineSignal<[OrderReport?]>('orderHint');
/**
 * Leaves the position. It is a signal, not an update, because close-all and the kill switch need no answer.
 */
export const leaveSignal = defineSignal<[{ readonly reason: 'operator' | 'killSwitch' }]>('leave');
export const positionReportSignal = defineSignal<[PositionReport]>('positionReport');
/** Compares with the broker's books now: something that our records hold may be looked after by nobody. */
export const reconcileSignal = defineSignal<[{ readonly reason: string }]>('reconcile');
/** They say what holds, so a repeat changes nothing, and they are many. */
export const repeatableSignals: readonly string[] = [
  crossedSignal.name,
  orderHintSignal.name,
  positionReportSignal.name,
  reconcileSignal.name,
];

export const tightenUpdate = defineUpdate<PositionView, [{ readonly stop: Paise }]>('tighten');
/** Reports what a change of policy did to the levels. Without `force` it never loosens the stop. */
export const policyUpdate = defineUpdate<
  PolicyEffect,
  [{ readonly policy: TrailingPolicy; readonly force: boolean }]
>('policy');
export const closeUpdate = defineUpdate<PositionView>('close');
/** @param by who halts, for the record. */
export const haltUpdate = defineUpdate<
  DayView,
  [{ readonly reason: string; readonly by?: string }]
>('halt');
/** Entries are allowed again where our records say so; they are written first. */
export const resumeUpdate = defineUpdate<DayView>('resume');
export const closeAllUpdate = defineUpdate<DayView>('closeAll');

export const positionQuery = defineQuery<PositionView>('position');
export const dayQuery = defineQuery<DayView>('day');

/** An operator's decision on a rollout. */
export interface RolloutDecision {
  readonly kind: 'pause' | 'approve' | 'promote' | 'abort';
  readonly by: string;
  readonly reason: string;
}

export const rolloutDecisionUpdate = defineUpdate<RolloutReport, [RolloutDecision]>('decide');
/** Null while the candidate is being loaded and checked. */
export const rolloutQuery = defineQuery<RolloutReport | null>('rollout');

/** There is one watch over the model server for each account. */
export const modelWatchWorkflowId = (account: string): string => `model-watch-${account}`;
/** A model has one rollout at a time. */
export const rolloutWorkflowId = (model: string): string => `rollout-${model}`;
export const dayWorkflowId = (account: string, date: string): string => `day-${account}-${date}`;
export const positionWorkflowId = (account: string, intentId: string): string =>
  `position-${account}-${intentId}`;
/**
 * Position workflows share the queue of their order activities, so an activity starts with the workflow
 * task's own reply.
 */
export const ordersQueue = (account: string): string => `orders-${account}`;
export const marketQueue = 'market';
export const officeQueue = 'office';
