// Order updates on their way to the socket: lost, doubled, late or swapped when a fault is armed, else
// unchanged.
import type { EpochMs } from '../../domain/units';
import { updateFaults, type FaultBox } from './faultBox';

export interface UpdateGateParts {
  readonly faults: FaultBox;
  readonly send: (message: string) => void;
  /** Acts after `ms` of market time. */
  readonly later: (ms: number, act: (at: EpochMs) => void) => void;
}

export class UpdateGate {
  private readonly parts: UpdateGateParts;
  /** An update held back until after the next one. */
  private heldBack: string | null = null;

  constructor(parts: UpdateGateParts) {
    this.parts = parts;
  }

  push(message: string): void {
    const { faults, send, later } = this.parts;
    const fault = faults.strike(updateFaults);
    switch (fault?.kind) {
      case 'lost-updates':
        return;
      case 'duplicate-updates':
        send(message);
        break;
      case 'late-updates':
        later(fault.ms ?? 5_000, () => send(message));
        return;
      case 'reordered-updates':
        this.releaseAfter(() => {
          this.heldBack = message;
        });
        return;
      default:
        break;
    }
    send(message);
    this.releaseAfter(() => undefined);
  }

  /** Sends the update held back, then calls `next`. */
  private releaseAfter(next: () => void): void {
    const held = this.heldBack;
    this.heldBack = null;
    if (held !== null) this.parts.send(held);
    next();
  }
}
