import {
  aggregateSentiment,
  defaultAggregateConfig,
  findMention,
  headlineLength,
  headlineTokens,
  linkHeadline,
  nameTable,
  storiesOf,
  vocabularySize,
  type ScoredHeadline,
} from '../../../domain/sentiment';
import { basicWords, wordPieces } from '../../../domain/sentiment/wordPiece';
import { epochMs } from '../../../domain/units';

const now = epochMs(1_618_480_000_000);
const hour = 3_600_000;

const item = (headline: string, score: number, ageHours = 1, source = 'Mint'): ScoredHeadline => ({
  headline,
  source,
  publishedAt: epochMs(now - ageHours * hour),
  positive: score > 0 ? score : 0,
  negative: score < 0 ? -score : 0,
  neutral: 1 - Math.abs(score),
});

describe('word pieces', () => {
  // Ids from the reference tokenizer of all-MiniLM-L6-v2.
  test.each([
    [
      'SpiceJet to issue 6.4 crore warrants',
      [17688, 15759, 2000, 3277, 1020, 1012, 1018, 21665, 10943, 2015],
    ],
    [
      'MMTC Q2 net loss at Rs 10.4 crore',
      [3461, 13535, 1053, 2475, 5658, 3279, 2012, 12667, 2184, 1012, 1018, 21665],
    ],
  ])('%s', (text, ids) => {
    const found = wordPieces(text);
    expect(found.slice(0, ids.length)).toEqual(ids);
  });
  test('accents and case fall away, punctuation stands alone, control characters vanish', () => {
    expect(basicWords('Nestlé\u0000 RISES 5%—now')).toEqual([
      'nestle',
      'rises',
      '5',
      '%',
      '—',
      'now',
    ]);
  });
  test('the vocabulary is complete', () => expect(vocabularySize).toBe(30_522));
});

describe('headline tokens', () => {
  test('enclose the company in markers and are padded to a fixed length', () => {
    const text = 'Tata Steel slips';
    const tokens = headlineTokens(text, findMention(text, 'tata steel'));
    expect(tokens).toHaveLength(headlineLength);
    const marked = [101, 1, ...wordPieces('Tata Steel'), 2, ...wordPieces('slips'), 102];
    expect(tokens.slice(0, marked.length)).toEqual(marked);
    expect(tokens.filter((id) => id === 102)).toHaveLength(1);
    expect(tokens.at(-1)).toBe(0);
  });
  test('a very long headline is cut and still ends properly', () => {
    const tokens = headlineTokens('profit '.repeat(200), null);
    expect(tokens).toHaveLength(headlineLength);
    expect(tokens.at(-1)).toBe(102);
  });
  test('a name is found as whole words only', () => {
    expect(findMention('Bankers like Axis Bank', 'bank')).toEqual({ start: 18, end: 22 });
    expect(findMention('Bankers', 'bank')).toBeNull();
  });
});

describe('linking', () => {
  const symbols = (text: string): string[] =>
    linkHeadline(text).links.map((link) => link.tradingsymbol);
  test('several companies in one headline are found in order, each with its place', () => {
    const text = 'HDFC Bank gains as State Bank of India slips';
    const { links } = linkHeadline(text);
    expect(links.map((link) => link.tradingsymbol)).toEqual(['HDFCBANK', 'SBIN']);
    expect(links.map(({ mention }) => text.slice(mention.start, mention.end))).toEqual([
      'HDFC Bank',
      'State Bank of India',
    ]);
  });
  test.each([
    ['RIL Q4 profit up 12%', ['RELIANCE']],
    ['$TCS and #INFY lead the rally', ['TCS', 'INFY']],
    ['M&M to raise prices; L&T wins order', ['M&M', 'LT']],
    ["Reliance Industries' margins widen", ['RELIANCE']],
    ['Oil prices fall as the titan of industry retires', []],
    ['Wipro, Wipro and again Wipro', ['WIPRO']],
  ])('%s', (text, expected) => expect(symbols(text)).toEqual(expected));
  test("a group's name is left out with the reason, its companies are not", () => {
    expect(linkHeadline('Adani to invest more')).toEqual({
      links: [],
      leftOut: [{ name: 'Adani', reason: expect.stringMatching(/could be|group/) as string }],
    });
    expect(symbols('Adani Ports to invest more')).toEqual(['ADANIPORTS']);
  });
  test('tickers in a headline all in capitals are not trusted', () => {
    const { links, leftOut } = linkHeadline('BPCL SHARES FALL');
    expect(links).toEqual([]);
    expect(leftOut[0]?.reason).toMatch(/whole headline is in capitals/);
  });
  test('every stock of the 2021 test universe can be linked', () => {
    const universe =
      'AXISBANK BAJAJ-AUTO BAJAJFINSV BAJFINANCE EICHERMOT HCLTECH HDFCBANK HDFCLIFE HEROMOTOCO ICICIBANK INDUSINDBK INFY KOTAKBANK M&M MARUTI RELIANCE SBILIFE SBIN TATAMOTORS TCS TECHM WIPRO';
    const day = nameTable(universe.split(' ').map((one) => ({ tradingsymbol: one, name: one })));
    const unlinked = universe
      .split(' ')
      .filter((one) => linkHeadline(`$${one} rallies`, day).links[0]?.tradingsymbol !== one);
    expect(unlinked).toEqual([]);
  });
});

describe('copies', () => {
  test('the same story under another source name is one story, dated by its first telling', () => {
    const groups = storiesOf([
      item('Infosys wins $1 bn deal from European bank - Moneycontrol', 0.8, 1),
      item('Infosys wins $1 bn deal from European bank', 0.8, 3),
      item('Infosys faces visa probe', -0.6, 2),
    ]);
    expect(groups.map((group) => group.length)).toEqual([2, 1]);
    expect(groups[0]?.[0]?.headline).toBe('Infosys wins $1 bn deal from European bank');
  });
});

describe('the view of a stock', () => {
  test('no news is neutral with confidence 0', () => {
    expect(aggregateSentiment([], now)).toEqual({
      score: 0,
      confidence: 0,
      evidence: [],
      itemCount: 0,
      asOf: now,
    });
  });
  test('a story repeated by ten sites weighs as one', () => {
    const copies = Array.from({ length: 10 }, (_, at) =>
      item('Yes Bank fined by regulator', -0.9, 1, `site ${at}`),
    );
    expect(aggregateSentiment(copies, now)).toMatchObject({
      itemCount: 1,
      confidence: aggregateSentiment(copies.slice(0, 1), now).confidence,
    });
  });
  test('newer news weighs more', () => {
    const view = aggregateSentiment(
      [item('profit soars', 0.8, 1), item('plant shut by fire', -0.8, 20)],
      now,
    );
    expect(view.score).toBeGreaterThan(0.4);
  });
  test('disagreement lowers confidence, agreement raises it', () => {
    const agree = aggregateSentiment(
      [item('profit soars', 0.8), item('order book swells', 0.8)],
      now,
    );
    const differ = aggregateSentiment(
      [item('profit soars', 0.8), item('plant shut by fire', -0.8)],
      now,
    );
    expect(differ.confidence).toBeLessThan(agree.confidence / 2);
  });
  test('stale and future-dated items do not count, a small clock skew does', () => {
    const config = defaultAggregateConfig;
    const view = aggregateSentiment(
      [item('old', 0.9, config.windowHours + 1), item('early', 0.9, -1)],
      now,
    );
    expect(view.itemCount).toBe(0);
    expect(aggregateSentiment([item('skewed', 0.9, -0.05)], now).itemCount).toBe(1);
  });
  test('evidence is the three strongest in words', () => {
    const items = [
      item('a b c', -0.95),
      item('d e f', 0.1),
      item('g h i', -0.5),
      item('j k l', -0.7, 2),
    ];
    const { evidence } = aggregateSentiment(items, now);
    expect(evidence).toHaveLength(3);
    expect(evidence[0]).toBe('Strong negative news sentiment detected: a b c (Mint)');
  });
  test('score and confidence stay in range and negate with the news', () => {
    const items = [item('a b', 0.9), item('c d', -0.3, 5), item('e f', 0.2, 9)];
    const negated = items.map((one) => ({
      ...one,
      positive: one.negative,
      negative: one.positive,
    }));
    const view = aggregateSentiment(items, now);
    const opposite = aggregateSentiment(negated, now);
    expect(opposite.score).toBeCloseTo(-view.score, 12);
    expect(opposite.confidence).toBeCloseTo(view.confidence, 12);
    expect(view.confidence).toBeLessThanOrEqual(1);
  });
  test('probabilities that are none are refused', () => {
    const wrong = { ...item('x', 0.5), positive: Number.NaN };
    expect(() => aggregateSentiment([wrong], now)).toThrow(/probabilities of "x" must be 0 to 1/);
  });
});
