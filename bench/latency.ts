// `npm run bench:latency`: from a tick on the WebSocket to the modification at the exchange, through the real
// stack: ticker, gateway, signal, workflow, activity, Kite client. It measures two loads: one position with
// one crossing a second, and ten positions with ten. One JSON line; `p50Ms` and `p99Ms` are those of the ten.
// `-- --against FOLDER [--rounds N]` measures another checkout in turns with this one, and ends with both medians.
// No position gets so many steps that its order is due for replacement, which is another path.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { rupeeForRupee } from '../test/support/rupeeForRupee';
import { LiveSystem } from '../test/support/liveSystem';
import { newHome } from '../test/support/ratchet';
import { inTurns } from './inTurns';

const startPrice = 1_000;
/** Each crossing is one rupee of gain, which moves the stop by one rupee. */
const stepRupees = 1;

interface Arrival {
  readonly token: number;
  readonly paise: number;
  readonly at: number;
}

interface Traded {
  readonly intentId: string;
  readonly tradingsymbol: string;
  readonly token: number;
  price: number;
}

/** Listens on the exchange's socket like any client and notes when each price came. */
function listen(url: string, tokens: readonly number[], arrivals: Arrival[]): Promise<WebSocket> {
  const socket = new WebSocket(url);
  socket.binaryType = 'nodebuffer';
  socket.on('message', (message: Buffer, isBinary: boolean) => {
    if (!isBinary || message.length < 4) return;
    const at = Date.now();
    let offset = 2;
    for (let left = message.readUInt16BE(0); left > 0; left -= 1) {
      const length = message.readUInt16BE(offset);
      const token = message.readUInt32BE(offset + 2);
      arrivals.push({ token, paise: message.readUInt32BE(offset + 6), at });
      offset += 2 + length;
    }
  });
  return new Promise((resolve) =>
    socket.on('open', () => {
      socket.send(JSON.stringify({ a: 'subscribe', v: tokens }));
      socket.send(JSON.stringify({ a: 'mode', v: ['ltp', tokens] }));
      resolve(socket);
    }),
  );
}

interface Write {
  readonly at: number;
  readonly kind: string;
  readonly tag: string;
}

/** The exchange's writes in host time; at speed 1 its clock and ours differ by a constant. */
async function writesOf(system: LiveSystem): Promise<readonly Write[]> {
  const { hostAt, marketAt } = await system.clock();
  const offset = hostAt - marketAt;
  const tags = new Map<string, string>();
  return readFileSync(join(system.folder, 'exchange-journal.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>)
    .flatMap((line) => {
      const { kind = '', orderId = '', at = '' } = line;
      if (kind === 'place') tags.set(orderId, line['tag'] ?? '');
      if (kind !== 'place' && kind !== 'modify') return [];
      return [
        {
          kind,
          tag: tags.get(orderId) ?? '',
          at: Date.parse(`${at.replace(' ', 'T')}+05:30`) + offset,
        },
      ];
    });
}

/** Moves every stock in turn, `perSecond` crossings a second, and measures each. */
async function measure(
  system: LiveSystem,
  traded: readonly Traded[],
  crossings: number,
  arrivals: Arrival[],
): Promise<readonly number[]> {
  const pauseMs = 1_000 / traded.length;
  const steps: { stock: Traded; paise: number; sentAt: number }[] = [];
  const from = Date.now();
  for (let step = 0; step < crossings; step += 1) {
    const stock = traded[step % traded.length];
    if (stock === undefined) break;
    stock.price += stepRupees;
    steps.push({ stock, paise: Math.round(stock.price * 100), sentAt: Date.now() });
    await system.setPrice(stock.tradingsymbol, stock.price);
    const wait = from + (step + 1) * pauseMs - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const writes = await writesOf(system);
  return steps.flatMap(({ stock, paise, sentAt }) => {
    const tick = arrivals.find(
      (arrival) =>
        arrival.token === stock.token && arrival.paise === paise && arrival.at >= sentAt - 5,
    );
    const write = writes.find(({ tag, at }) => tag === stock.intentId && at >= (tick?.at ?? 0) - 2);
    return tick === undefined || write === undefined ? [] : [Math.max(0, write.at - tick.at)];
  });
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

async function open(system: LiveSystem, names: readonly string[]): Promise<Traded[]> {
  const traded: Traded[] = [];
  for (const [index, tradingsymbol] of names.entries()) {
    const intentId = `R261120${index.toString(36).toUpperCase()}TL`;
    const wish = { intentId, tradingsymbol, direction: 'LONG', price: startPrice } as const;
    const { first } = await system.openPosition({
      ...wish,
      slippage: 200,
      policy: { ...rupeeForRupee, minIntervalMs: 0 },
    });
    traded.push({
      intentId,
      tradingsymbol,
      token: system.tokenOf(tradingsymbol),
      price: Math.ceil(first.entryPrice / 100),
    });
  }
  return traded;
}

/** Crossings of the position measured alone; the ten share the others. */
const crossingsAlone = 17;
const idleMs = 60_000;
/** The interval of `LiveSystem`; a real position reads its books every 20 s. */
const rereadMs = 3_000;
const rereadsPerHour = 180;

/** Events in the history: for each crossing, and for an hour in which nothing happens. */
async function historyEvents(
  system: LiveSystem,
  { intentId }: Traded,
  before: number,
): Promise<Record<string, number>> {
  const length = async (): Promise<number> => (await historyOf(system, intentId)).historyLength;
  const perCrossing = ((await length()) - before) / crossingsAlone;
  const atRest = await length();
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  const perReread = ((await length()) - atRest) / (idleMs / rereadMs);
  return {
    historyEventsPerCrossing: Math.round(perCrossing * 10) / 10,
    historyEventsPerIdleHour: Math.round(perReread * rereadsPerHour),
  };
}

const historyOf = (
  system: LiveSystem,
  intentId: string,
): Promise<{ readonly historyLength: number }> =>
  system.client.workflow.getHandle(`position-paper-${intentId}`).describe();

async function measured(): Promise<void> {
  const names = Array.from({ length: 11 }, (_, index) => `LAT${String.fromCharCode(65 + index)}`);
  const stocks = names.map((tradingsymbol) => ({ tradingsymbol, price: startPrice }));
  const system = await LiveSystem.start(newHome(), stocks);
  const traded = await open(system, names);
  const keys = system.environment;
  const arrivals: Arrival[] = [];
  const socket = await listen(
    `${keys['RATCHET_KITE_TICKER'] ?? ''}?api_key=${keys['RATCHET_KITE_API_KEY'] ?? ''}&access_token=${keys['RATCHET_KITE_ACCESS_TOKEN'] ?? ''}`,
    traded.map(({ token }) => token),
    arrivals,
  );
  // Warm-up: the first steps compile and connect.
  await measure(system, traded.slice(0, 10), 20, arrivals);
  const alone = traded.slice(10);
  const [loner] = alone;
  if (loner === undefined) throw new Error('no position was opened');
  const { historyLength: before } = await historyOf(system, loner.intentId);
  const one = await measure(system, alone, crossingsAlone, arrivals);
  const events = await historyEvents(system, loner, before);
  const ten = await measure(system, traded.slice(0, 10), 150, arrivals);
  socket.close();
  await system.stop();
  process.stdout.write(
    `${JSON.stringify({
      p50Ms: percentile(ten, 0.5),
      p99Ms: percentile(ten, 0.99),
      measured: ten.length,
      onePosition: {
        p50Ms: percentile(one, 0.5),
        p99Ms: percentile(one, 0.99),
        measured: one.length,
      },
      ...events,
    })}\n`,
  );
}

function main(): void {
  const { values } = parseArgs({
    options: { against: { type: 'string' }, rounds: { type: 'string', default: '3' } },
  });
  if (values.against === undefined) return void measured();
  inTurns('bench/latency.ts', values.against, Number(values.rounds), 'p50Ms');
}

main();
