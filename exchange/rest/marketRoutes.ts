// Instruments, quotes and historical candles, by route. Sources: docs/kite.md, Transport and Instruments.
import { istDate, istTime } from '../../domain/session/sessionClock';
import type { Candle } from '../../domain/market/candle';
import { epochMs, type EpochMs } from '../../domain/units';
import { candlesOf, historicalIntervals, type Interval } from '../market/historical';
import { inputError } from '../engine/kiteError';
import { fromElsewhere } from './distant';
import type { Tape } from '../engine/tape';
import { instruments } from './instruments';
import { formLookup, isSet, requiredText } from './params';
import { success, type KiteReply } from './request';
import { ltpRow, ohlcRow, quoteRow, type Row } from './rows';
import type { Route, RouteCall } from './scene';

export const marketRoutes: readonly Route[] = [
  { method: 'GET', path: '/instruments', answer: instruments },
  { method: 'GET', path: '/instruments/*', answer: instruments },
  { method: 'GET', path: '/instruments/historical/*/*', answer: historical },
  {
    method: 'GET',
    path: '/quote',
    answer: (call) => quotes(call, 500, (tape) => quoteRow(tape, call.scene.exchange.now)),
  },
  { method: 'GET', path: '/quote/ohlc', answer: (call) => quotes(call, 1_000, ohlcRow) },
  { method: 'GET', path: '/quote/ltp', answer: (call) => quotes(call, 1_000, ltpRow) },
];

/** Rows keyed by the text asked for. An unknown instrument is simply absent. */
async function quotes(
  { request, scene }: RouteCall,
  most: number,
  row: (tape: Tape) => Row,
): Promise<KiteReply> {
  const asked = request.query.getAll('i');
  if (asked.length > most) throw inputError(`Maximum ${most} instruments are allowed per request.`);
  const found = asked.flatMap((name): [string, Tape][] => {
    const tape = name.startsWith('NSE:')
      ? scene.exchange.findTape(name.slice(4))
      : scene.exchange.tapes.get(Number(name));
    return tape === undefined ? [] : [[name, tape]];
  });
  await bringUpToDate(
    scene,
    found.map(([, tape]) => tape),
  );
  return success(Object.fromEntries(found.map(([name, tape]) => [name, row(tape)])));
}

/** Nothing to wait for where the day is made here. */
async function bringUpToDate(
  { exchange, clock }: RouteCall['scene'],
  tapes: readonly Tape[],
): Promise<void> {
  const { distant } = exchange.source;
  if (distant === undefined) return;
  await fromElsewhere(distant.refresh(tapes.map(({ listing }) => listing.instrumentToken)));
  exchange.advanceTo(clock.now());
}

async function historical({ request, parts, scene }: RouteCall): Promise<KiteReply> {
  const [token = '', intervalText = ''] = parts;
  const interval = historicalIntervals.find(({ name }) => name === intervalText);
  if (interval === undefined) throw inputError('Invalid `interval`.');
  const tape = /^\d{1,10}$/.test(token) ? scene.exchange.tapes.get(Number(token)) : undefined;
  if (tape === undefined) throw inputError('Invalid `instrument_token`.');
  const lookup = formLookup(request.query);
  const from = instant(requiredText(lookup, 'from'), 'from');
  const to = instant(requiredText(lookup, 'to'), 'to');
  checkSpan(from, to, interval);
  const minutes = await minutesOf(scene, tape, { from, to });
  const hasOi = isSet(lookup, 'oi');
  const candles = candlesOf(minutes, interval)
    .filter(({ at }) => at >= from && at <= to)
    .map((candle) => candleRow(candle, hasOi));
  return success({ candles });
}

/** A market elsewhere has today's minutes from its own beginning, which may be before ours. */
async function minutesOf(
  { exchange: { source } }: RouteCall['scene'],
  { listing, candles }: Tape,
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs },
): Promise<readonly Candle[]> {
  const { instrumentToken: token } = listing;
  return source.distant === undefined
    ? [...source.history(token), ...candles]
    : fromElsewhere(source.distant.candles(token, from, to));
}

function checkSpan(from: EpochMs, to: EpochMs, interval: Interval): void {
  if (from > to) throw inputError('Invalid date range: `from` date cannot be after `to` date.');
  if (to - from > interval.daysMax * 86_400_000) {
    throw inputError(`interval exceeds max limit: ${interval.daysMax} days`);
  }
}

const candleRow = ({ at, open, high, low, close, volume }: Candle, hasOi: boolean): unknown[] => [
  `${istDate(at)}T${istTime(at)}+0530`,
  ...[open, high, low, close].map((price) => price / 100),
  volume,
  ...(hasOi ? [0] : []),
];

/** `YYYY-MM-DD[ HH:MM:SS]` in India. */
function instant(text: string, name: string): EpochMs {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T+](\d{2}:\d{2}(?::\d{2})?))?$/.exec(text);
  const at =
    match === null ? Number.NaN : Date.parse(`${match[1] ?? ''}T${match[2] ?? '00:00'}+05:30`);
  if (Number.isNaN(at)) throw inputError(`Invalid \`${name}\` date.`);
  return epochMs(at);
}
