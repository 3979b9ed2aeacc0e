// A day's record as the trading day would leave it, made without a workflow: every stock judged on some bars,
// candidates proposed to risk, and each position closed some bars later, alternately with a loss and a gain.
// Longs are bought as delivery, and one is held from the session before.
import { dayTerms } from '../../../backtest';
import { recordDay } from '../../../backtest/recordedDay';
import {
  analyseStock,
  decide,
  judgedRow,
  type DecisionConfig,
  type WhyRow,
} from '../../../domain/decision';
import {
  approvedIntent,
  approvedVerdict,
  askedRiskView,
  capitalOf,
  candidatesOf,
  emptyScore,
  exposuresIn,
  openedBy,
  proposeEntry,
  refusedVerdict,
  withOpened,
  withReport,
  type Candidate,
  type DayPositions,
  type JudgedStock,
  type RiskAnswer,
} from '../../../domain/entry';
import { Refused } from '../../../domain/errors';
import type { DayRecord } from '../../../domain/parity';
import { positionTiming, type Intent } from '../../../domain/position';
import { approve, checkMargin } from '../../../domain/risk';
import { neutralSentiment } from '../../../domain/sentiment/view';
import { entryBars } from '../../../domain/session/sessionPlan';
import { epochMs, paise, type EpochMs, type Paise } from '../../../domain/units';
import { loadConfig } from '../../../infra/config/config';
import { date, smallMarket } from '../../backtest/smallDay';
import { positionTerms } from '../../support/positionTerms';

const config = loadConfig();
const margin = { required: paise(1), available: paise(100_000_000), used: paise(0) };
const barsHeld = 2;
const seed = 3;
/** Minutes of earlier sessions: enough to warm up. */
const warmUpMinutes = 375;

const heldOver = positionTerms({
  intentId: 'R261119XT1',
  account: config.account,
  date: '2026-11-19',
  product: 'CNC',
}).intent;

/**
 * @param bars how many bars of the day are judged.
 * @param decisionConfig what they are judged by.
 */
export function recordedDay(
  bars: number,
  decisionConfig: DecisionConfig = config.decision,
): DayRecord {
  const market = recordDay(date, smallMarket(seed));
  const dayOf = dayTerms(market, { config, cash: paise(100_000_000), seed });
  const { stocks, risk, cash } = dayOf;
  const entryDay = { ...dayOf.entryDay, longProduct: 'CNC' } as const;
  const { account, plan, trailing, longProduct } = entryDay;
  const timing = positionTiming(1);
  const { barMinutes } = config.decision;
  const candles = new Map(
    stocks.map(({ tradingsymbol }) => [
      tradingsymbol,
      [
        ...market.history(tradingsymbol).slice(-warmUpMinutes),
        ...(market.candles.get(tradingsymbol) ?? []),
      ],
    ]),
  );
  const trails: WhyRow[] = [];
  const answers: RiskAnswer[] = [];
  const intents: Intent[] = [];
  const netPnl = new Map<string, Paise>();
  const closings: { readonly intentId: string; readonly bar: number }[] = [];
  let book: DayPositions = withOpened({ positions: [], score: emptyScore }, openedBy(heldOver));

  const judge = (tradingsymbol: string, barEnd: EpochMs): JudgedStock => {
    const from = barEnd - 8 * 86_400_000;
    const past = (candles.get(tradingsymbol) ?? []).filter(({ at }) => at >= from && at < barEnd);
    const sentiment = neutralSentiment(barEnd);
    const model = { probabilityLong: 0.5, probabilityShort: 0.5, version: '1' };
    const input = { instrument: { tradingsymbol }, candles: past, barEnd, sentiment };
    const analysis = analyseStock({ ...input, config: decisionConfig });
    const decision = decide({ analysis, sentiment, ...model, config: decisionConfig });
    trails.push(judgedRow({ analysis, sentiment, model, decision }));
    return { analysis, decision, close: past.at(-1)?.close ?? paise(0) };
  };
  const propose = (candidate: Candidate, place: number, barEnd: EpochMs, bar: number): void => {
    const { tradingsymbol, barAt } = candidate.decision;
    const stock = stocks.find((one) => one.tradingsymbol === tradingsymbol);
    const entry = stock === undefined ? null : proposeEntry(entryDay, stock, candidate, barEnd);
    if (entry === null) return;
    const capital = capitalOf(cash, book, date);
    const known = { now: barEnd, capital, entriesHalted: false, quarantined: [] };
    const asking = { ...known, ...book.score, exposures: exposuresIn(book, date) };
    const about = { tradingsymbol, barAt, place };
    const asked = { barEnd, ltp: candidate.ltp, book: askedRiskView(asking) };
    try {
      const sized = approve(entry.proposal, asking, risk);
      checkMargin(margin, risk);
      const intent = approvedIntent(entryDay, entry, sized);
      const verdict = approvedVerdict(plan, entry, sized);
      answers.push({ ...about, asked: { ...asked, margin }, ...verdict });
      intents.push(intent);
      book = withOpened(book, openedBy(intent));
      closings.push({ intentId: intent.intentId, bar: bar + barsHeld });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      answers.push({ ...about, asked, ...refusedVerdict(error) });
    }
  };

  for (let bar = 0; bar < bars; bar += 1) {
    const barEnd = entryBars(plan, barMinutes)[bar] ?? epochMs(0);
    for (const { intentId } of closings.filter((closing) => closing.bar === bar)) {
      const net = paise(netPnl.size % 2 === 0 ? -50_000 : 80_000);
      netPnl.set(intentId, net);
      book = withReport(book, { intentId, closed: true, netPnl: net }, barEnd);
    }
    const judged = stocks.map(({ tradingsymbol }) => judge(tradingsymbol, barEnd));
    const candidates = candidatesOf(judged, () => undefined);
    candidates.forEach((candidate, place) => propose(candidate, place, barEnd, bar));
  }
  // As the database gives it back: through JSON, its keys in an order of their own.
  const { trending, ...weights } = decisionConfig.weights;
  const reversed = Object.fromEntries(Object.entries(trending).toReversed()) as typeof trending;
  const reordered = { ...decisionConfig, weights: { ...weights, trending: reversed } };
  return {
    account,
    date,
    plan,
    stocks,
    candles,
    netPnl,
    carriedIn: [heldOver],
    terms: { risk, trailing, timing, barMinutes, longProduct },
    configs: [{ barAt: epochMs(0), config: reordered }],
    trails: JSON.parse(JSON.stringify(trails)) as WhyRow[],
    answers: JSON.parse(JSON.stringify(answers)) as RiskAnswer[],
    intents: JSON.parse(JSON.stringify(intents)) as Intent[],
  };
}
