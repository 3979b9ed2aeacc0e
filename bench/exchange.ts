// Load on the paper exchange: 3,000 instruments in full mode at 3 ticks a second each, to one client in a
// process of its own, with 500 open orders. Prints one JSON line: the share of a core this process took, and
// what the client received. How to run it: docs/paper-exchange.md.
import { fork, type ChildProcess } from 'node:child_process';
import WebSocket from 'ws';
import { paise, shares } from '../domain/units';
import { startPaperExchange, type PaperExchange } from '../exchange/start';

const instruments = 3_000;
const openOrders = 500;
/** A scripted stock prints every 5 s of market time: at speed 15, 3 times a host second. */
const speedForThree = 15;
const warmUpMs = 3_000;

interface Received {
  readonly packets: number;
  readonly bytes: number;
}

async function main(seconds: number, ticksPerSecond: number): Promise<void> {
  const paper = await startPaperExchange({
    date: '2026-11-20',
    source: {
      kind: 'scripted',
      instruments: Array.from({ length: instruments }, (_, index) => ({
        tradingsymbol: `STOCK${index}`,
        price: 100,
        hasDerivatives: false,
      })),
    },
    speed: (speedForThree / 3) * ticksPerSecond,
    held: false,
    startAt: '09:20',
    openingCash: paise(100_000_000_000),
  });
  placeOrders(paper);
  const client = fork(__filename, ['client', addressOf(paper)], { execArgv: process.execArgv });
  await pause(warmUpMs);
  const [before, cpu] = [await received(client), process.cpuUsage()];
  const start = performance.now();
  await pause(seconds * 1_000);
  const after = await received(client);
  const used = process.cpuUsage(cpu);
  const elapsedMs = performance.now() - start;
  process.stdout.write(
    `${JSON.stringify({
      instruments,
      ticksPerSecond,
      openOrders: paper.exchange.desk.allLive().length,
      seconds: Math.round(elapsedMs / 100) / 10,
      packetsPerSecond: Math.round(((after.packets - before.packets) / elapsedMs) * 1_000),
      megabytesPerSecond: Math.round((after.bytes - before.bytes) / elapsedMs) / 1_000,
      coreShare: Math.round((used.user + used.system) / elapsedMs) / 1_000,
      rssMegabytes: Math.round(process.memoryUsage().rss / 1_000_000),
    })}\n`,
  );
  client.kill();
  await paper.close();
}

/** Resting buys far below the market, one each on the first stocks. */
function placeOrders({ exchange }: PaperExchange): void {
  for (let index = 0; index < openOrders; index += 1) {
    exchange.place({
      variety: 'regular',
      tradingsymbol: `STOCK${index}`,
      side: 'BUY',
      product: 'MIS',
      orderType: 'LIMIT',
      quantity: shares(10),
      price: paise(9_000),
      triggerPrice: paise(0),
      disclosedQuantity: shares(0),
      validity: 'DAY',
      validityTtl: 0,
      marketProtection: 0,
      tag: null,
      icebergLegs: 0,
    });
  }
}

const addressOf = ({ ticker, apiKey, accessToken, exchange }: PaperExchange): string =>
  JSON.stringify({
    url: `${ticker}?api_key=${apiKey}&access_token=${accessToken}`,
    tokens: [...exchange.tapes.keys()],
  });

function received(client: ChildProcess): Promise<Received> {
  return new Promise((resolve) => {
    client.once('message', (message) => resolve(message as Received));
    client.send('count');
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The other process: subscribes to everything and counts what comes. */
function runClient(address: string): void {
  const { url, tokens } = JSON.parse(address) as { url: string; tokens: number[] };
  const socket = new WebSocket(url);
  let [packets, bytes] = [0, 0];
  socket.on('open', () => socket.send(JSON.stringify({ a: 'mode', v: ['full', tokens] })));
  socket.on('message', (message: Buffer, isBinary) => {
    bytes += message.length;
    if (isBinary && message.length > 1) packets += message.readInt16BE(0);
  });
  process.on('message', () => process.send?.({ packets, bytes } satisfies Received));
}

// Arguments: seconds, ticks per second and stock.
const [mode, argument] = process.argv.slice(2);
if (mode === 'client') runClient(argument ?? '');
else void main(Number(mode ?? 20), Number(argument ?? 3));
