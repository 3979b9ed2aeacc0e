// Kite's binary market data packets, big-endian. Prices in paise, instants in whole epoch seconds of the
// market's clock; volumes are kept below 2³¹ because the JS client reads them signed.
// Source: docs/kite.md, Ticker.
import type { DepthLevel } from '../../domain/market/depth';
import type { Tape } from '../engine/tape';

export type TickMode = 'ltp' | 'quote' | 'full';

const int32Max = 2_147_483_647;

/** One packet without its length prefix. */
export function packetOf(tape: Tape, mode: TickMode): Buffer {
  if (mode === 'ltp') return ltpPacket(tape);
  return tape.listing.isIndex ? indexPacket(tape, mode) : stockPacket(tape, mode);
}

/** Packets in one frame: their count, then each with its length. */
export function frameOf(packets: readonly Buffer[]): Buffer {
  const size = packets.reduce((sum, packet) => sum + 2 + packet.length, 2);
  const frame = Buffer.allocUnsafe(size);
  frame.writeInt16BE(packets.length, 0);
  let offset = 2;
  for (const packet of packets) {
    frame.writeInt16BE(packet.length, offset);
    packet.copy(frame, offset + 2);
    offset += 2 + packet.length;
  }
  return frame;
}

const capped = (value: number): number => Math.max(-int32Max, Math.min(int32Max, value));

function integers(length: number, values: readonly number[]): Buffer {
  const packet = Buffer.alloc(length);
  values.forEach((value, index) => packet.writeInt32BE(capped(value), index * 4));
  return packet;
}

const ltpPacket = ({ listing, lastPrice }: Tape): Buffer =>
  integers(8, [listing.instrumentToken, lastPrice]);

/** Index order is high, low, open, close. */
function indexPacket(tape: Tape, mode: 'quote' | 'full'): Buffer {
  const { listing, lastPrice, high, low, open, previousClose } = tape;
  const change = lastPrice - previousClose;
  const values = [listing.instrumentToken, lastPrice, high, low, open, previousClose, change];
  if (mode === 'quote') return integers(28, values);
  return integers(32, [...values, seconds(tape.updatedAt)]);
}

/** Stock order is open, high, low, close. */
function stockPacket(tape: Tape, mode: 'quote' | 'full'): Buffer {
  const { bids, asks } = tape.ladder();
  const values = [
    tape.listing.instrumentToken,
    tape.lastPrice,
    tape.lastQuantity,
    tape.averagePrice(),
    tape.volume,
    total(bids),
    total(asks),
    tape.open,
    tape.high,
    tape.low,
    tape.previousClose,
  ];
  if (mode === 'quote') return integers(44, values);
  const traded = seconds(tape.lastTradeAt);
  const packet = integers(184, [...values, traded, 0, 0, 0, seconds(tape.updatedAt)]);
  writeDepth(packet, 64, bids);
  writeDepth(packet, 124, asks);
  return packet;
}

function writeDepth(packet: Buffer, start: number, levels: readonly DepthLevel[]): void {
  levels.forEach(({ quantity, price, orders }, index) => {
    const offset = start + index * 12;
    packet.writeInt32BE(capped(quantity), offset);
    packet.writeInt32BE(price, offset + 4);
    packet.writeInt16BE(Math.min(32_767, orders), offset + 8);
  });
}

const total = (levels: readonly DepthLevel[]): number =>
  levels.reduce((sum, level) => sum + level.quantity, 0);

const seconds = (at: number | null): number => (at === null ? 0 : Math.floor(at / 1_000));
