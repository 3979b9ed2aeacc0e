// What the day knows: plain values behind a few verbs, so that handlers and loop read the same. A run that
// continues as new hands all of it over.
import {
  capitalOf,
  emptyScore,
  exposuresIn,
  withOpened,
  withReport,
  type DayPositions,
  type OpenedPosition,
} from '../domain/entry';
import { isCarried } from '../domain/position';
import type { Mode } from '../domain/live/mode';
import type { RiskView } from '../domain/risk';
import { marketTime, type SessionPlan } from '../domain/session/sessionPlan';
import { epochMs, paise, type EpochMs, type Paise } from '../domain/units';
import type { Blocker, DayPhase, DayView, LoginWait, NewsView, PositionReport } from './messages';

/** A position the day counts, with its workflow. */
interface OpenedWorkflow extends OpenedPosition {
  readonly workflowId: string;
}

/** Plain JSON. */
export interface DayMemory extends DayPositions<OpenedWorkflow> {
  readonly phase: DayPhase;
  readonly plan: SessionPlan | null;
  /** The opening cash under the day's caps; what earlier sessions have handed on comes on top. */
  readonly openingCapital: Paise;
  readonly dayLossMax?: Paise | null;
  /** How often the broker lets one order be modified; null: without limit. */
  readonly modificationsMax: number | null;
  readonly stocks: number;
  readonly barsAnalysed: number;
  readonly entriesHalted: boolean;
  /** Stocks that the account holds by orders that are not ours. */
  readonly quarantined: readonly string[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly warnings?: readonly string[];
  /** Orders of other installations that entries were halted for. */
  readonly others?: readonly string[];
  readonly waitingForLogin?: LoginWait | null;
  /** The checks for which nothing is entered. */
  readonly notReady?: readonly Blocker[];
  readonly news?: NewsView | null;
  readonly mode?: Mode | null;
}

const freshMemory: DayMemory = {
  phase: 'preflight',
  plan: null,
  openingCapital: paise(0),
  modificationsMax: null,
  stocks: 0,
  barsAnalysed: 0,
  entriesHalted: false,
  quarantined: [],
  refusals: {},
  positions: [],
  score: emptyScore,
};

export class DayState {
  readonly account: string;
  /** May Temporal's lists hold what the day and its positions are at? */
  readonly isShown: boolean;
  readonly #date: string;
  #memory: DayMemory;
  #reconcileWanted = false;

  constructor(
    {
      account,
      date,
      shownInTemporal = true,
    }: { account: string; date: string; shownInTemporal?: boolean },
    memory?: DayMemory,
  ) {
    this.account = account;
    this.isShown = shownInTemporal;
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

  opened(
    plan: SessionPlan,
    opened: Pick<DayMemory, 'openingCapital' | 'dayLossMax' | 'modificationsMax' | 'mode'>,
  ): void {
    this.#with({ plan, ...opened });
  }

  get modificationsMax(): number | null {
    return this.#memory.modificationsMax;
  }

  get waitingForLogin(): LoginWait | null {
    return this.#memory.waitingForLogin ?? null;
  }

  /** Nothing has begun, because nobody is logged in; null: somebody is. */
  waitForLogin(waitingForLogin: LoginWait | null): void {
    this.#with({
      waitingForLogin,
      phase: waitingForLogin === null ? 'preflight' : 'waitingForLogin',
    });
  }

  get notReady(): readonly Blocker[] {
    return this.#memory.notReady ?? [];
  }

  /** Until the next answer, nothing is entered while this holds anything. */
  blockedBy(notReady: readonly Blocker[]): void {
    this.#with({ notReady });
  }

  warn(warning: string): void {
    const { warnings = [] } = this.#memory;
    this.#with({ warnings: [...warnings, warning] });
  }

  /** @returns whether this order of another installation is news. A person may have resumed beside older ones. */
  notedOther(orderId: string): boolean {
    const { others = [] } = this.#memory;
    if (others.includes(orderId)) return false;
    this.#with({ others: [...others, orderId] });
    return true;
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

  newsRead({ asOf, headlines, failures }: NewsView): void {
    this.#with({ news: { asOf, headlines, failures } });
  }

  /** Counts a position from now on. One that is known already is not counted twice. */
  opening(position: OpenedWorkflow): void {
    this.#with(withOpened(this.#memory, position));
  }

  report(report: PositionReport, now: EpochMs): void {
    this.#with(withReport(this.#memory, report, this.#marketAt(now)));
  }

  openIntents(): readonly string[] {
    return this.#open().map((position) => position.intentId);
  }

  openWorkflows(): readonly string[] {
    return this.#open().map((position) => position.workflowId);
  }

  /** Workflows of the positions that must be flat at the session's end. */
  openIntradayWorkflows(): readonly string[] {
    return this.#open()
      .filter((position) => !isCarried(position))
      .map((position) => position.workflowId);
  }

  /** Whether somebody wants the books compared before it is time. */
  get reconcileWanted(): boolean {
    return this.#reconcileWanted;
  }

  wantReconciled(wanted: boolean): void {
    this.#reconcileWanted = wanted;
  }

  riskBook(now: EpochMs): RiskView {
    const { openingCapital, dayLossMax = null, entriesHalted, quarantined, score } = this.#memory;
    const capital = capitalOf(openingCapital, this.#memory, this.#date);
    return {
      now: this.#marketAt(now),
      capital,
      dayLossMax,
      entriesHalted,
      ...(this.notReady.length > 0 && { notReady: this.notReady.map(({ id }) => id) }),
      quarantined,
      ...score,
      exposures: exposuresIn(this.#memory, this.#date),
    };
  }

  view(now: EpochMs): DayView {
    const { phase, entriesHalted, stocks, barsAnalysed, positions, refusals, plan } = this.#memory;
    const { news = null, warnings = [], mode = null } = this.#memory;
    return {
      mode,
      account: this.account,
      date: this.#date,
      phase,
      entriesHalted,
      stocks,
      barsAnalysed,
      positions: positions.map(({ workflowId, instrument, closed, netPnl }) => ({
        workflowId,
        tradingsymbol: instrument.tradingsymbol,
        closed,
        netPnl,
      })),
      refusals,
      news,
      warnings,
      waitingForLogin: this.waitingForLogin,
      notReady: this.notReady,
      marketAt: this.#marketAt(now),
      closesAt: plan === null ? epochMs(0) : marketTime(plan.clock, plan.close),
    };
  }

  #open(): DayMemory['positions'] {
    return this.#memory.positions.filter((position) => !position.closed);
  }

  #marketAt(now: EpochMs): EpochMs {
    const { plan } = this.#memory;
    return plan === null ? epochMs(0) : marketTime(plan.clock, now);
  }
}
