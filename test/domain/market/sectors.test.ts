// Goal: every stock has an industry by which risk groups it, the limit binds in a group of well-known stocks
// and in the group of the unknown ones, and the screening says which those are.
import industries from '../../../domain/market/industries.json';
import { screenByHistory, type ScreenLimits } from '../../../domain/market/screen';
import { sectorOf, unknownSector } from '../../../domain/market/sectors';
import { approve, riskLimitsSchema } from '../../../domain/risk';
import { paise } from '../../../domain/units';
import { companies } from '../../../exchange/market/companies';
import { loadConfig } from '../../../infra/config/config';
import { sectorsSchema } from '../../../infra/config/sections/sectors';
import { positionTerms } from '../../support/positionTerms';
import { proposal, quietDay } from '../../support/riskQuestion';

test('the table: more than the NIFTY 500, one line a stock in order, an industry of NSE each', () => {
  const symbols = Object.keys(industries);
  expect(symbols.length).toBeGreaterThan(500);
  expect(symbols).toEqual(symbols.toSorted());
  expect(new Set(Object.values(industries)).size).toBe(20);
});

test('renamed and new companies are in it, and every company the exchange trades', () => {
  expect(sectorOf('TMPV')).toBe(sectorOf('TATAMOTORS'));
  expect(sectorOf('TMCV')).toBe('Capital Goods');
  expect(sectorOf('LTM')).toBe(sectorOf('LTIM'));
  expect([...companies.keys()].filter((one) => sectorOf(one) === unknownSector)).toEqual([]);
});

test('a configured industry goes before the table, for known and unknown stocks', () => {
  const sectors = { INFY: 'Consulting', NEWCO: 'Power' };
  expect(['INFY', 'NEWCO', 'TCS'].map((one) => sectorOf(one, sectors))).toEqual([
    ...['Consulting', 'Power', 'Information Technology'],
  ]);
  expect(['NEWCO', 'constructor'].map((one) => sectorOf(one))).toEqual(['UNKNOWN', 'UNKNOWN']);
});

const { instrument } = positionTerms().intent;

/** Asks risk for one more stock while others are open. */
function ask(tradingsymbol: string, open: readonly string[]): unknown {
  const exposures = open.map((one) => ({
    intentId: one,
    tradingsymbol: one,
    sector: sectorOf(one),
    direction: 'LONG' as const,
    product: 'MIS' as const,
    isEarlier: false,
    closed: false,
    value: paise(1_000_000),
    risk: paise(10_000),
  }));
  return approve(
    {
      ...proposal,
      instrument: { ...instrument, tradingsymbol, sector: sectorOf(tradingsymbol) },
    },
    { ...quietDay, exposures },
    riskLimitsSchema.parse({}),
  );
}

const sectorFull: unknown = expect.objectContaining({ code: 'SECTOR_FULL' });

describe('with three positions of a sector open', () => {
  const banks = ['HDFCBANK', 'ICICIBANK', 'SBIN'];
  test.each(['AXISBANK', 'PNB', 'CANBK', 'SHRIRAMFIN'])('%s is refused', (tradingsymbol) => {
    expect(() => ask(tradingsymbol, banks)).toThrow(sectorFull as Error);
  });

  test('a stock of another sector is allowed', () => {
    expect(ask('INFY', banks)).toMatchObject({ boundBy: expect.any(String) as string });
  });

  test('unknown stocks are a sector, too', () => {
    expect(() => ask('NEWCO4', ['NEWCO1', 'NEWCO2', 'NEWCO3'])).toThrow(sectorFull as Error);
  });
});

test('the screening names a watched stock whose industry is unknown, and no other', () => {
  const limits: ScreenLimits = loadConfig().screener;
  const band = { lower: paise(90_000), upper: paise(110_000) };
  const quotes = ['INFY', 'NEWCO'].map((tradingsymbol) => ({
    stock: { ...instrument, tradingsymbol, sector: sectorOf(tradingsymbol), band },
    lastPrice: paise(100_000),
    volume: 0,
    bid: null,
    ask: null,
  }));
  const rows = screenByHistory(quotes, () => null, limits);
  expect(rows.map(({ reason }) => reason)).toEqual([
    'rank 1 of 2',
    'rank 2 of 2; industry unknown, so all such stocks share one sector limit: name it in sectors of the configuration',
  ]);
});

test.each<[object, string]>([
  [{ infy: 'Power' }, 'must be a trading symbol like INFY'],
  [{ INFY: ' ' }, 'must be an industry of 1 to 60 characters'],
  [{ INFY: 5 }, 'expected string'],
])('sectors %j are refused', (sectors, sentence) => {
  const parsed = sectorsSchema.safeParse(sectors);
  expect(parsed.error?.message).toContain(sentence);
});
