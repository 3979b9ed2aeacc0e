// The content of a session, drawn from its seed: stocks, positions, and a fault mix of its own. Each kind of
// fault is on or off per session, and its probability is random too ("swarm" testing). So some sessions have
// one kind alone and others all; a tenth have none.
import { istInstant } from '../../domain/session/sessionClock';
import type { TrailingPolicy, TrailingRule } from '../../domain/trailing';
import { epochMs, paise, type EpochMs, type Paise, type Product } from '../../domain/units';
import { chanceFor, type Chance } from '../../exchange/market/chance';

export const sessionDate = '2026-11-20';
export const startAt = istInstant(sessionDate, '15:02');
/** The broker's own square-off; it takes no intraday orders from here on. */
export const cutOffAt = istInstant(sessionDate, '15:12');
const calmBefore = istInstant(sessionDate, '15:08');
const calmAfterCutOff = cutOffAt + 20_000;

/** Probability of each fault per occasion; 0 is off. */
export type FaultMix = Readonly<Record<FaultName, number>>;

/** Faults of single requests, of the exchange, of the feed and of updates: each with the most it may be. */
const strongest = {
  executeAndTimeout: 0.3,
  lostRequest: 0.3,
  lateExecution: 0.1,
  slowAnswer: 0.3,
  sayTimedOut: 0.2,
  serverError: 0.2,
  tooManyRequests: 0.3,
  rejectAtOnce: 0.15,
  rejectByRisk: 0.15,
  invisibleOrder: 0.1,
  stuckPending: 0.1,
  cancelFillRace: 0.5,
  booksFail: 0.3,
  booksSlow: 0.3,
  lostTick: 0.5,
  staleTick: 0.1,
  spikeTick: 0.02,
  lostUpdate: 0.7,
  duplicateUpdate: 0.5,
  lateUpdate: 0.5,
} as const;
export type FaultName = keyof typeof strongest;

/** Things that happen a few times in a session: how many at most. */
const mostEvents = {
  silentFeed: 2,
  gatewayRestart: 2,
  gap: 3,
  lock: 1,
  crash: 3,
  foreignExit: 2,
  foreignEntry: 1,
  tighten: 2,
  policyChange: 2,
  operatorClose: 1,
  killSwitch: 1,
  stuck: 1,
} as const;
export type EventName = keyof typeof mostEvents;

export interface StockPlan {
  readonly tradingsymbol: string;
  readonly price: Paise;
  readonly tickSize: Paise;
  readonly bandPct: number;
  readonly minuteVolume: number;
  /** Standard deviation of one tick, in ticks of the grid. */
  readonly roughness: number;
  readonly drift: number;
  readonly tickEveryMs: number;
}

export interface PositionPlan {
  readonly stock: StockPlan;
  readonly direction: 'LONG' | 'SHORT';
  readonly product: Product;
  readonly at: number;
  readonly quantity: number;
  readonly stopDistance: Paise;
  readonly targetDistance: Paise;
  readonly policy: TrailingPolicy;
}

export interface SessionPlan {
  readonly seed: number;
  readonly stocks: readonly StockPlan[];
  readonly positions: readonly PositionPlan[];
  readonly faults: FaultMix;
  readonly events: readonly { readonly kind: EventName; readonly at: number }[];
  /** Writes the broker takes in a second, and how many of them we allow ourselves. */
  readonly perSecond: { readonly broker: number; readonly ours: number };
  readonly calmAt: number;
  /** Does the day end badly for what is carried: locked, while somebody wants out? */
  readonly badNight: boolean;
  readonly squareOffAt: EpochMs;
  readonly endAt: number;
}

export function planSession(seed: number): SessionPlan {
  const chance = chanceFor(seed, 'plan');
  const quiet = chance.unit() < 0.1;
  const faultedSquareOff = !quiet && chance.unit() < 0.15;
  const calmAt = quiet ? startAt : faultedSquareOff ? calmAfterCutOff : calmBefore;
  const stocks = Array.from({ length: chance.whole(1, 3) }, (_, index) => stockPlan(chance, index));
  const carries = chanceFor(seed, 'carried');
  const positions = stocks
    .flatMap((stock) => positionPlans(chance, stock))
    .map((plan) => ({ ...plan, product: productOf(plan, carries) }));
  return {
    seed,
    stocks,
    positions,
    faults: faultMix(chance, quiet),
    events: quiet ? [] : eventPlans(chance, calmAt, positions),
    perSecond: chance.pick([
      { broker: 10, ours: 8 },
      { broker: 3, ours: 2 },
    ]),
    calmAt,
    badNight: !quiet && carries.unit() < 0.3,
    squareOffAt: istInstant(sessionDate, `15:10:${chance.whole(20, 50)}`),
    endAt: faultedSquareOff ? cutOffAt + 150_000 : cutOffAt + 60_000,
  };
}

/** Every third long is one that may be held over the night. */
const productOf = ({ direction }: Pick<PositionPlan, 'direction'>, chance: Chance): Product =>
  chance.unit() < 1 / 3 && direction === 'LONG' ? 'CNC' : 'MIS';

/** When what is carried is handed on: the exchange is open until the end, so that a trigger may still be met. */
export const handOverAt = ({ endAt }: Pick<SessionPlan, 'endAt'>): EpochMs =>
  epochMs(endAt - 8_000);

function faultMix(chance: Chance, quiet: boolean): FaultMix {
  const density = chance.pick([0.1, 0.3, 0.6]);
  return Object.fromEntries(
    Object.entries(strongest).map(([kind, most]) => {
      const probability = chance.unit() < density ? most * chance.unit() : 0;
      return [kind, quiet ? 0 : probability];
    }),
  ) as Record<FaultName, number>;
}

function eventPlans(
  chance: Chance,
  calmAt: number,
  positions: readonly PositionPlan[],
): SessionPlan['events'] {
  const density = chance.pick([0.1, 0.3, 0.6]);
  return Object.entries(mostEvents).flatMap(([kind, most]) => {
    const count = chance.unit() < density ? chance.whole(1, most) : 0;
    return Array.from({ length: count }, () => ({
      kind: kind as EventName,
      at: eventAt(chance, calmAt, positions),
    }));
  });
}

/** Half of the time while an entry is on its way: what comes then is the hardest to get right. */
function eventAt(chance: Chance, calmAt: number, positions: readonly PositionPlan[]): number {
  const last = Math.min(calmAt, cutOffAt) - 20_000;
  const entering = positions[chance.whole(0, positions.length - 1)];
  if (chance.unit() < 0.5 || entering === undefined || entering.at >= last)
    return chance.whole(startAt + 5_000, last);
  return entering.at + chance.whole(1, 400);
}

const symbols = ['ALPHA', 'BRAVO', 'CHARLIE'] as const;

function stockPlan(chance: Chance, index: number): StockPlan {
  const tickSize = paise(chance.pick([5, 10, 50]));
  return {
    tradingsymbol: symbols[index] ?? 'DELTA',
    price: paise(tickSize * chance.whole(2_000, 6_000)),
    tickSize,
    bandPct: chance.pick([5, 10, 20]),
    minuteVolume: chance.pick([60, 600, 6_000, 60_000]),
    roughness: chance.pick([0.5, 2, 6]),
    drift: chance.pick([-1, -0.3, 0, 0.3, 1]),
    tickEveryMs: chance.pick([700, 1_500, 3_000]),
  };
}

/** One or two positions in a stock, the second well after the first. */
function positionPlans(chance: Chance, stock: StockPlan): readonly Omit<PositionPlan, 'product'>[] {
  return Array.from({ length: chance.whole(1, 2) }, (_, index) => {
    const stopTicks = chance.whole(10, 60);
    return {
      stock,
      direction: chance.pick(['LONG', 'SHORT']),
      at: startAt + index * 170_000 + chance.whole(3_000, 60_000),
      quantity: chance.pick([1, 10, 37, 250]),
      stopDistance: paise(stock.tickSize * stopTicks),
      targetDistance: paise(stock.tickSize * stopTicks * chance.whole(1, 4)),
      policy: policyPlan(chance, stock.tickSize, stopTicks),
    };
  });
}

function policyPlan(chance: Chance, tickSize: Paise, stopTicks: number): TrailingPolicy {
  const ticks = (count: number): Paise => paise(tickSize * count);
  const rule = chance.pick<TrailingRule>([
    { kind: 'fixed', stepMove: ticks(chance.whole(1, 8)), stepStop: ticks(chance.whole(1, 8)) },
    { kind: 'percentage', share: 0.2 + 0.8 * chance.unit() },
    { kind: 'atr', multiple: 0.5 + 2 * chance.unit() },
    {
      kind: 'hybrid',
      share: 0.2 + 0.8 * chance.unit(),
      minDistance: ticks(chance.whole(2, stopTicks)),
    },
  ]);
  const capped = chance.unit() < 0.3;
  return {
    rule,
    minProfitLock: ticks(chance.pick([0, 0, 5, 20])),
    targetShare: chance.pick([0, 0.5, 1]),
    minStep: ticks(chance.pick([1, 1, 3, 10])),
    minIntervalMs: chance.pick([0, 300, 1_000]),
    ...(capped ? { maxTrailDistance: ticks(stopTicks) } : {}),
  };
}
