// The write gate whose process can die: the waiters are forgotten, the log comes back from the exchange.
import { WriteGate } from '../../backtest/writeGate';

export class Gate extends WriteGate {
  /** The process died: nobody waits any more. */
  forget(): void {
    this.waiting = [];
  }
}
