// One ticker client: what it subscribed to and in which mode. Ticks are collected and sent as frames. A later
// tick of the same stock goes into a later frame, so no price of the path is lost.
import type { WebSocket } from 'ws';
import type { Tape } from '../engine/tape';
import type { TickGate } from '../faults/tickFaults';
import { frameOf, type TickMode } from './packets';
import { parsedJson } from '../../domain/json';

const tokensPerConnectionMax = 3_000;

/** A client further behind than this is disconnected instead of kept in memory. */
const bufferedBytesMax = 64_000_000;

export class TickerConnection {
  readonly socket: WebSocket;
  private readonly modes = new Map<number, TickMode>();
  private readonly frames: Map<number, Buffer>[] = [];
  private readonly tapeOf: (token: number) => Tape | undefined;
  private readonly gate: TickGate;

  constructor(socket: WebSocket, tapeOf: (token: number) => Tape | undefined, gate: TickGate) {
    this.socket = socket;
    this.gate = gate;
    this.tapeOf = tapeOf;
    socket.on('message', (message, isBinary) => {
      if (!isBinary && !this.gate.isHalfOpen) this.obey((message as Buffer).toString('utf8'));
    });
  }

  tokens(): readonly number[] {
    return [...this.modes.keys()];
  }

  /** Collects the tape's state if the client subscribed to it. */
  collect(tape: Tape): void {
    const token = tape.listing.instrumentToken;
    const mode = this.modes.get(token);
    if (mode === undefined) return;
    for (const packet of this.gate.packets(tape, mode)) this.add(token, packet);
  }

  /** Sends what was collected. */
  flush(): void {
    const frames = this.frames.splice(0);
    for (const packets of frames) this.send(frameOf([...packets.values()]));
  }

  /** Sends bytes or text as they are, and disconnects a client that does not read. */
  send(content: Buffer | string): void {
    if (this.socket.readyState !== this.socket.OPEN || this.gate.isHalfOpen) return;
    if (this.socket.bufferedAmount > bufferedBytesMax) this.socket.terminate();
    else this.socket.send(content);
  }

  private add(token: number, packet: Buffer): void {
    const free = this.frames.find((packets) => !packets.has(token));
    if (free !== undefined) free.set(token, packet);
    else this.frames.push(new Map([[token, packet]]));
  }

  /** Carries out a request. An unreadable one is answered with an error frame. */
  private obey(text: string): void {
    const request = parseRequest(text);
    switch (request?.action) {
      case 'subscribe':
        this.subscribe(request.tokens);
        return;
      case 'unsubscribe':
        for (const token of request.tokens) this.modes.delete(token);
        return;
      case 'mode':
        this.setMode(request.mode, request.tokens);
        return;
      case undefined:
        this.sendError('Invalid request.');
    }
  }

  private subscribe(tokens: readonly number[]): void {
    const fresh = tokens.filter(
      (token) => !this.modes.has(token) && this.tapeOf(token) !== undefined,
    );
    if (this.modes.size + fresh.length > tokensPerConnectionMax) {
      this.sendError(`Can't subscribe to more than ${tokensPerConnectionMax} instruments.`);
      return;
    }
    for (const token of fresh) this.modes.set(token, 'quote');
    this.snapshot(fresh);
  }

  private setMode(mode: TickMode, tokens: readonly number[]): void {
    const known = tokens.filter((token) => this.tapeOf(token) !== undefined);
    const fresh = known.filter((token) => !this.modes.has(token));
    if (this.modes.size + fresh.length > tokensPerConnectionMax) {
      this.sendError(`Can't subscribe to more than ${tokensPerConnectionMax} instruments.`);
      return;
    }
    for (const token of known) this.modes.set(token, mode);
    this.snapshot(known);
  }

  /** Sends the present state of the instruments at once. */
  private snapshot(tokens: readonly number[]): void {
    for (const token of tokens) {
      const tape = this.tapeOf(token);
      if (tape !== undefined) this.collect(tape);
    }
    this.flush();
  }

  private sendError(message: string): void {
    this.send(JSON.stringify({ type: 'error', data: message }));
  }
}

type TickerRequest =
  | { readonly action: 'subscribe' | 'unsubscribe'; readonly tokens: readonly number[] }
  | { readonly action: 'mode'; readonly mode: TickMode; readonly tokens: readonly number[] };

function parseRequest(text: string): TickerRequest | undefined {
  const message = parsedJson(text);
  if (typeof message !== 'object' || message === null || !('a' in message) || !('v' in message)) {
    return undefined;
  }
  const { a: action, v: value } = message;
  if (action === 'subscribe' || action === 'unsubscribe') {
    return isTokens(value) ? { action, tokens: value } : undefined;
  }
  if (action !== 'mode' || !Array.isArray(value)) return undefined;
  const [mode, tokens] = value as unknown[];
  const known = (['ltp', 'quote', 'full'] as const).find((one) => one === mode);
  return known !== undefined && isTokens(tokens) ? { action, mode: known, tokens } : undefined;
}

const isTokens = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((token) => Number.isInteger(token));
