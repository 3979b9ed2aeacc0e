// Goal: trades of two recorded days are what the documents say, to the paisa. Method: a Python script that shares no code
// with Ratchet works them out again from the raw candles: entry, stop path, exit, charges.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BarMarket, dayTerms } from '../../../backtest';
import { tradableBars } from '../../../backtest/bars';
import { nseCalendar as calendar } from '../../../domain/session/nseCalendar';
import { noVoters } from '../../../domain/strategy';
import { paise } from '../../../domain/units';
import { candleSeries } from '../../../exchange/market/candleFiles';
import { loadConfig } from '../../../infra/config/config';
import { sharedFolder, testOnSharedData } from '../../domain/sharedFiles';

const folder = join(sharedFolder, 'nse/minute/core');
const config = loadConfig();
const terms = {
  ...{ config, cash: paise(100_000_000), seed: 7 },
  ...{ model: null, voters: noVoters },
};

const hasPython = spawnSync('python3', ['--version']).status === 0;

testOnSharedData('ten trades and more of two days, worked out again from the candles', async () => {
  if (!hasPython) {
    console.warn('there is no python3: the trades are not worked out again');
    return;
  }
  const market = new BarMarket(candleSeries({ directory: folder }), calendar);
  const played = [];
  for (const date of ['2021-04-15', '2021-04-28']) {
    const day = market.day(date);
    expect(dayTerms(day, terms).stocks.length).toBeGreaterThan(15);
    const { trade, plan } = await tradableBars(day, terms);
    const { trades, approved } = trade(plan);
    const intents = new Map(approved.map(({ intent }) => [intent.intentId, intent]));
    for (const one of trades) {
      const intent = intents.get(one.intentId);
      expect(intent?.instrument.tickSize).toBe(5);
      played.push({
        ...one,
        stopDistance: intent?.stopDistance,
        targetDistance: intent?.targetDistance,
      });
    }
  }
  expect(played.length).toBeGreaterThan(10);
  const input = JSON.stringify({ folder, trades: played });
  const ran = spawnSync('python3', [join(__dirname, 'recompute.py')], { input, encoding: 'utf8' });
  expect(ran.stderr).toBe('');
  const found = ran.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly intentId: string; readonly stops: number[] });
  for (const [index, { stops, ...again }] of found.entries()) {
    expect(played[index]).toMatchObject(again);
    expect(stops.length).toBeGreaterThan(0);
  }
  // Some stops have moved on the way.
  expect(found.filter(({ stops }) => stops.length > 2).length).toBeGreaterThan(3);
});
