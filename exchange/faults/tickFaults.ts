// Market data on its way to the socket. Armed faults replace, delay or add packets. Heartbeats come from the
// server, so a stalled feed still looks alive, as it may at Kite.
import type { Tape } from '../engine/tape';
import { packetOf, type TickMode } from '../ticker/packets';
import type { FaultBox } from './faultBox';

export class TickGate {
  private readonly faults: FaultBox;
  private readonly lastPackets = new Map<number, Buffer>();
  private readonly heldBack = new Map<number, Buffer>();

  constructor(faults: FaultBox) {
    this.faults = faults;
  }

  /** The packets to send for a tick, in order; usually one. */
  packets(tape: Tape, mode: TickMode): readonly Buffer[] {
    const packet = packetOf(tape, mode);
    const token = tape.listing.instrumentToken;
    const fault = this.faults.strike([
      'ticker-stall',
      'stale-ticks',
      'out-of-order-ticks',
      'foreign-ticks',
      'spike-ticks',
    ]);
    switch (fault?.kind) {
      case 'ticker-stall':
        return [];
      case 'stale-ticks':
        return [this.lastPackets.get(token) ?? packet];
      case 'out-of-order-ticks':
        this.heldBack.set(token, packet);
        return [];
      case 'foreign-ticks':
        return [packet, foreign(packet)];
      case 'spike-ticks':
        return [spiked(packet, tape, fault.pct ?? 20), packet];
      default:
        break;
    }
    this.lastPackets.set(token, packet);
    return this.withHeldBack(token, packet);
  }

  /** Is the socket dead without being closed? Then heartbeats do not pass either. */
  get isHalfOpen(): boolean {
    return this.faults.isOn('half-open');
  }

  private withHeldBack(token: number, packet: Buffer): readonly Buffer[] {
    const held = this.heldBack.get(token);
    if (held === undefined) return [packet];
    this.heldBack.delete(token);
    return [packet, held];
  }
}

/** The same packet with a token nobody subscribed to. */
function foreign(packet: Buffer): Buffer {
  const copy = Buffer.from(packet);
  copy.writeInt32BE((999_999 << 8) | 1, 0);
  return copy;
}

/** The same packet with a last price `pct` percent away. */
function spiked(packet: Buffer, tape: Tape, pct: number): Buffer {
  const copy = Buffer.from(packet);
  copy.writeInt32BE(Math.round((tape.lastPrice * (100 + pct)) / 100), 4);
  return copy;
}
