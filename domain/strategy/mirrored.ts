// A rule written once, for buying, made a strategy's vote for both sides: the other side is the same rule on the view
// upside down, so no strategy can favour a side by mistake.
import { MirroredBar } from '../indicators/mirror';
import type { IndicatorSnapshot } from '../indicators/snapshot';
import { sideWords, strongerSide, type SideWords } from './sides';
import type { DayLevels, SeriesView, StrategyView } from './view';
import type { StrategyAnswer } from './vote';

/**
 * The view, turned so that the side in question is always BUY. Where it looks for a fall, prices are negative: use
 * their differences, never their ratios.
 */
export interface SideView extends StrategyView {
  /** `words.above` is "above" where prices are to rise, "below" where they are to fall. */
  readonly words: SideWords;
  /** Numbers as they were before any mirroring, for the reason. */
  readonly shown: {
    /** Rupees, two decimals. @param price in paise. */
    price(price: number): string;
    rsi(value: number): string;
  };
}

/** What a rule finds for its side; distances in paise, above 0. */
export interface SideFinding {
  /** Above 0, at most 1. */
  readonly confidence: number;
  readonly reason: string;
  /** From the close to the price at which the idea is wrong. */
  readonly stopDistance: number;
  /** Left out, the stop's distance times `decision.rewardToRisk`. */
  readonly targetDistance?: number;
  /** How far beyond the close the entry is still wanted; left out, a little through the market. */
  readonly entryDistance?: number;
}

/** Finds a reason to buy, or null. */
export type SideRule<Values> = (side: SideView, values: Values) => SideFinding | null;

/** The vote of a rule that is written for buying. Should both sides find something, the stronger wins. */
export const mirrored =
  <Values>(rule: SideRule<Values>) =>
  (view: StrategyView, values: Values): StrategyAnswer | null => {
    const buy = rule(asItIs(view), values);
    const sell = rule(upsideDown(view), values);
    const action = strongerSide(buy, sell);
    if (action === 'BUY' && buy !== null) return answerOf(action, buy, view.bar.close);
    return action === 'SELL' && sell !== null ? answerOf(action, sell, view.bar.close) : null;
  };

function answerOf(action: 'BUY' | 'SELL', found: SideFinding, close: number): StrategyAnswer {
  const sign = action === 'BUY' ? 1 : -1;
  const { confidence, reason, stopDistance, targetDistance, entryDistance } = found;
  return {
    action,
    confidence,
    reason,
    stop: close - sign * stopDistance,
    ...(targetDistance !== undefined && { target: close + sign * targetDistance }),
    ...(entryDistance !== undefined && { entry: close + sign * entryDistance }),
  };
}

const inRupees = (price: number): string => (Math.abs(price) / 100).toFixed(2);

const asItIs = (view: StrategyView): SideView => ({
  tradingsymbol: view.tradingsymbol,
  bars: view.bars,
  session: view.session,
  days: view.days,
  bar: view.bar,
  index: view.index,
  universe: view.universe,
  news: view.news,
  minutesSinceOpen: view.minutesSinceOpen,
  words: sideWords.BUY,
  shown: { price: inRupees, rsi: (value) => value.toFixed(0) },
  get own() {
    return view.own;
  },
  get ownMirrored() {
    return view.ownMirrored;
  },
});

/** What a rule does not read is not turned. */
const upsideDown = (view: StrategyView): SideView => {
  const own = turnedSeries(view);
  return {
    tradingsymbol: view.tradingsymbol,
    get bars() {
      return own.bars;
    },
    get session() {
      return own.session;
    },
    get days() {
      return own.days;
    },
    bar: turnedBar(view.bar),
    get index() {
      return view.index === null ? null : turnedSeries(view.index);
    },
    get universe() {
      return view.universe.map(turnedSeries);
    },
    news: { ...view.news, score: -view.news.score },
    minutesSinceOpen: view.minutesSinceOpen,
    words: sideWords.SELL,
    shown: { price: inRupees, rsi: (value) => (100 - value).toFixed(0) },
    get own() {
      return view.ownMirrored;
    },
    get ownMirrored() {
      return view.own;
    },
  };
};

const turned = new WeakMap<IndicatorSnapshot, IndicatorSnapshot>();

/** Bars do not change, so each is turned once. */
function turnedBar(bar: IndicatorSnapshot): IndicatorSnapshot {
  const known = turned.get(bar);
  if (known !== undefined) return known;
  const made = new MirroredBar(bar);
  turned.set(bar, made);
  return made;
}

const turnedDay = ({ date, open, high, low, close, volume }: DayLevels): DayLevels => ({
  date,
  open: -open,
  high: -low,
  low: -high,
  close: -close,
  volume,
});

function turnedSeries(series: SeriesView): SeriesView {
  let bars: readonly IndicatorSnapshot[] | undefined;
  let session: readonly IndicatorSnapshot[] | undefined;
  return {
    tradingsymbol: series.tradingsymbol,
    get bars() {
      return (bars ??= series.bars.map(turnedBar));
    },
    get session() {
      return (session ??= series.session.map(turnedBar));
    },
    get days() {
      return series.days.map(turnedDay);
    },
  };
}
