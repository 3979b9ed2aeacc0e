// Goal: sums, rates and spreads are what they say.
import {
  figuresOf,
  hitRate,
  spreadOf,
  sumCounts,
  sumFigures,
  sumTallies,
  tallyDecisions,
  type TallyInput,
} from '../../backtest/measures';
import { chooseModel, modelVersions } from '../../backtest/signalModel';
import type { StrategyVote } from '../../domain/strategy';
import { paise } from '../../domain/units';

const vote = (agent: StrategyVote['agent'], action: StrategyVote['action']): StrategyVote => ({
  agent,
  action,
  confidence: action === 'NONE' ? 0 : 0.5,
  reason: '',
});
const judged = (action: 'LONG' | 'SHORT' | 'SKIP', ...votes: StrategyVote[]): TallyInput => ({
  decision: { action },
  analysis: { votes },
});

test('votes are counted by agent, and those for the decision apart', () => {
  const tally = tallyDecisions([
    judged('LONG', vote('trend', 'BUY'), vote('reversal', 'SELL')),
    judged('SHORT', vote('trend', 'SELL'), vote('scalping', 'NONE')),
    judged('SKIP', vote('trend', 'BUY')),
  ]);
  expect(tally.decisions).toEqual({ LONG: 1, SHORT: 1, SKIP: 1 });
  expect(tally.agents['trend']).toEqual({ buyVotes: 2, sellVotes: 1, inLong: 1, inShort: 1 });
  expect(tally.agents['reversal']).toEqual({ buyVotes: 0, sellVotes: 1, inLong: 0, inShort: 0 });
  expect(tally.agents['scalping']).toEqual({ buyVotes: 0, sellVotes: 0, inLong: 0, inShort: 0 });
  const twice = sumTallies([tally, tally]);
  expect(twice.decisions).toEqual({ LONG: 2, SHORT: 2, SKIP: 2 });
  expect(twice.agents['trend']?.buyVotes).toBe(4);
  expect(Object.keys(twice.agents)).toEqual(['trend', 'reversal', 'scalping']);
});

test('a winner has a profit after charges; rates of sums, not sums of rates', () => {
  const money = (gross: number): Parameters<typeof figuresOf>[0][number] => ({
    grossPnl: paise(gross),
    charges: paise(10),
    netPnl: paise(gross - 10),
  });
  const one = figuresOf([money(5), money(20)]);
  expect(one).toEqual({ trades: 2, winners: 1, grossPnl: 25, charges: 20, netPnl: 5 });
  const all = sumFigures([one, figuresOf([money(30), money(30)])]);
  expect(hitRate(all)).toBe(0.75);
  expect(hitRate(figuresOf([]))).toBeNull();
  expect(sumCounts([{ A: 1, B: 2 }, { B: 3 }])).toEqual({ A: 1, B: 5 });
});

test('a spread is the mean with the fifth and ninety-fifth of a hundred', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(spreadOf(hundred)).toEqual({ mean: 50.5, low: 5, high: 95 });
  expect(spreadOf([7])).toEqual({ mean: 7, low: 7, high: 7 });
  expect(spreadOf([])).toBeNull();
});

test('a model that has seen one of the days is no judge of them', () => {
  const later = ['2026-11-20', '2026-11-23'];
  expect(chooseModel(undefined, later)).toEqual({ version: modelVersions().at(-1) });
  expect(chooseModel('1', later)).toEqual({ version: '1' });
  expect(chooseModel('none', later)).toEqual({ version: null });
  const seen = ['2021-03-29', '2021-06-11'];
  expect(chooseModel(undefined, seen)).toEqual({
    version: null,
    remark: expect.stringMatching(/trained on some/) as string,
  });
  expect(() => chooseModel('2', seen)).toThrow(
    /^--model 2 was trained on 2021-03-30 to 2021-06-11, and 2021-06-11 is one of these days/,
  );
  expect(chooseModel('2', ['2021-03-29', '2021-06-14'])).toEqual({ version: '2' });
});
