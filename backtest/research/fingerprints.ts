// What a study's results depend on besides its terms: the candles of its days and the code that played them.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { SessionDate } from '../../domain/session/calendar';
import { candleSeries, type CandleFolder } from '../../exchange/market/candleFiles';
import { neededSpan } from '../../exchange/market/replay';

/** Of every candle from the warm-up of the first day to the end of the last. */
export function candlesFingerprint(
  folder: CandleFolder,
  first: SessionDate,
  last: SessionDate,
): string {
  const { from, until } = neededSpan(first, last);
  const hash = createHash('sha256');
  for (const { name, candles } of candleSeries(folder)) {
    const needed = candles.filter(({ at }) => at >= from && at < until);
    const numbers = needed.flatMap(({ at, open, high, low, close, volume }) => [
      ...[at, open, high, low, close, volume],
    ]);
    hash.update(name).update(Float64Array.from(numbers));
  }
  return hash.digest('hex');
}

/** Relative to the root of sources or of compiled code. */
const playing = ['domain', 'backtest', 'exchange', 'broker', 'infra/config'];

/** Of every file of code that plays a day. */
export function codeFingerprint(): string {
  const root = join(__dirname, '../..');
  const ending = extname(__filename);
  const hash = createHash('sha256');
  for (const folder of playing) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((one) => one.endsWith(ending)).sort())
      hash.update(`${folder}/${name}`).update(readFileSync(join(root, folder, name)));
  }
  return hash.digest('hex');
}
