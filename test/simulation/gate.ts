// The write gate whose process can die: its waiting writes are forgotten, and its log is restored from the
// exchange.
import { WriteGate } from '../../backtest/writeGate';

export class Gate extends WriteGate {
  /** The process died: nobody waits any more. */
  forget(): void {
    this.waiting = [];
  }
}
