// Goal: what the user's own strategies vote for is decided with them: the model, which knows only the agents, does not
// drop their trades; the worst price they still enter at reaches risk, which keeps the limit within it.
import fc from 'fast-check';
import {
  analyseBars,
  decidedBy,
  decide,
  defaultDecisionConfig,
  type Decision,
  type DecisionConfig,
} from '../../../domain/decision';
import { Refused } from '../../../domain/errors';
import { proposeEntry } from '../../../domain/entry';
import { approve, riskLimitsSchema } from '../../../domain/risk';
import { marketViews, type StrategyVote } from '../../../domain/strategy';
import { paise } from '../../../domain/units';
import { proposal, quietDay } from '../../support/riskQuestion';
import { sessionOf } from '../../support/strategies';
import { bar, news } from '../bars';

const weights = { trending: 1, ranging: 1, volatile: 1 };
const own = { name: 'mine', hash: 'f00d', values: {}, weights };
const vote: StrategyVote = {
  agent: 'mine',
  action: 'BUY',
  confidence: 0.8,
  reason: 'x',
  stop: paise(199_000),
  hash: 'f00d',
};
const config = decidedBy(defaultDecisionConfig, ['mine'], [own]);

const decided = (
  votes: readonly StrategyVote[],
  probability: number | null,
  model: Partial<DecisionConfig['model']> = {},
): Decision => {
  const by = { ...config, model: { ...config.model, ...model } };
  const instrument = { tradingsymbol: 'TEST' };
  const sentiment = news(0, 0);
  const bars = [bar({})];
  const analysis = analyseBars(bars, { instrument, sentiment, config: by, ownVotes: votes });
  const [probabilityLong, probabilityShort] = [probability, probability];
  return decide({ analysis, sentiment, probabilityLong, probabilityShort, config: by });
};

test('the model filters no vote of the user’s, unless that is configured', () => {
  expect(decided([vote], 0.01)).toMatchObject({
    action: 'LONG',
    probability: null,
    stopDistance: 1_000,
  });
  expect(decided([vote], null, { whenAbsent: 'block' }).action).toBe('LONG');
  expect(decided([vote], 0.01, { filtersOwn: true })).toMatchObject({
    action: 'SKIP',
    probability: 0.01,
  });
  expect(decided([vote], null, { whenAbsent: 'block', filtersOwn: true }).action).toBe('SKIP');
});

test('of several entries the most cautious is in the decision; without one there is none', () => {
  const at = (entry: number): StrategyVote => ({ ...vote, entry: paise(entry) });
  expect(decided([at(200_500), vote, at(200_300)], null).entry).toBe(200_300);
  expect(decided([vote], null)).not.toHaveProperty('entry');
});

const limits = riskLimitsSchema.parse({});
const beyondWanted = new Refused({
  code: 'ENTRY_BEYOND',
  message: 'the price has passed the worst one the strategy still enters at',
});

test('a last price beyond the worst that is wanted is refused by a code of its own', () => {
  const beyond = { ...proposal, entryWanted: paise(99_995) };
  expect(() => approve(beyond, quietDay, limits)).toThrow(beyondWanted);
  const short = { ...proposal, direction: 'SHORT', entryWanted: paise(100_005) } as const;
  expect(() => approve(short, quietDay, limits)).toThrow(beyondWanted);
});

test('the limit is never beyond what is wanted, nor beyond what it was without', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 }), fc.boolean(), (away, isLong) => {
      const sign = isLong ? 1 : -1;
      const asked = { ...proposal, direction: isLong ? 'LONG' : 'SHORT' } as const;
      const entryWanted = paise(proposal.ltp + sign * away);
      const { entryLimit } = approve({ ...asked, entryWanted }, quietDay, limits);
      const without = approve(asked, quietDay, limits).entryLimit;
      expect(sign * (entryWanted - entryLimit)).toBeGreaterThanOrEqual(0);
      expect(sign * (without - entryLimit)).toBeGreaterThanOrEqual(0);
      expect(entryLimit % proposal.instrument.tickSize).toBe(0);
    }),
  );
});

test('the proposal to risk carries it', () => {
  const { instrument, ltp, decisionPrice, band } = proposal;
  const decision = decided([{ ...vote, entry: paise(200_300) }], null);
  const candidate = { decision, reason: 'x', ltp, decisionPrice, atr: 1 };
  const group = { entryUntil: 0, squareOff: 0 };
  const plan = {
    clock: { marketAt: 0, hostAt: 0, speed: 1 },
    withDerivatives: group,
    withoutDerivatives: group,
    installation: 'TST',
  };
  const day = { date: '2021-04-15', plan: plan as never, longProduct: 'MIS' } as const;
  const entry = proposeEntry(day, { ...instrument, band }, candidate, decision.barAt);
  expect(entry?.proposal.entryWanted).toBe(200_300);
});

test('a strategy sees today and the three sessions before, live and in a backtest', () => {
  const dates = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'];
  const bars = dates.flatMap((date) =>
    sessionOf(date, [{ high: 201_000 }, { low: 198_000, close: 199_000 }]),
  );
  const [view] = marketViews([{ tradingsymbol: 'TEST', bars, news: news(0, 0) }], null);
  expect(view?.days).toEqual(
    dates.slice(1, 4).map((date) => ({
      date,
      open: 200_000,
      high: 201_000,
      low: 198_000,
      close: 199_000,
      volume: 2_000,
    })),
  );
  expect([view?.bars.length, view?.session.length, view?.minutesSinceOpen]).toEqual([8, 2, 10]);
  const whole = marketViews(
    [{ tradingsymbol: 'TEST', bars: bars.slice(2), news: news(0, 0) }],
    null,
  );
  expect(whole).toEqual([view]);
});
