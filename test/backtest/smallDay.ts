// A small generated day to trade: eight stocks with history, as a source and as files of a folder.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { recordDay } from '../../backtest/recordedDay';
import type { Candle } from '../../domain/market/candle';
import { istText } from '../../domain/session/sessionClock';
import { generatedMarket } from '../../exchange/market/generated';
import type { MarketSource } from '../../exchange/market/source';

export const date = '2026-11-20';
const stocks = ['RELIANCE', 'INFY', 'SBIN', 'TATASTEEL', 'MARUTI', 'ITC', 'TITAN', 'VGUARD'];

export const smallMarket = (seed: number): MarketSource =>
  generatedMarket(date, seed, { only: stocks });

/** Writes the day with its history as `minute/core/SYMBOL.csv.gz`. */
export function writeSmallDay(folder: string, seed: number): void {
  const market = smallMarket(seed);
  const { candles } = recordDay(date, smallMarket(seed));
  mkdirSync(join(folder, 'minute/core'), { recursive: true });
  for (const { tradingsymbol, instrumentToken } of market.listings) {
    const series = [...market.history(instrumentToken), ...(candles.get(tradingsymbol) ?? [])];
    const text = `ts,open,high,low,close,volume\n${series.map(csvRow).join('')}`;
    const file = `${tradingsymbol.replaceAll(' ', '_')}.csv.gz`;
    writeFileSync(join(folder, 'minute/core', file), gzipSync(text));
  }
}

function csvRow({ at, open, high, low, close, volume }: Candle): string {
  const ts = `${istText(at).replace(' ', 'T')}+05:30`;
  return `${[ts, ...[open, high, low, close].map((price) => price / 100), volume].join(',')}\n`;
}
