// What the probe order has shown, in words that say what a person must do.
import type { ProbeResult } from './probeOrder';
import { fails, holds, type Verdict } from './verdict';

const inKite = 'look at your orders in the Kite app NOW';

export function judgeProbe(probe: ProbeResult): Verdict {
  switch (probe.kind) {
    case 'proved':
      return holds(`order ${probe.orderId} was taken and cancelled`);
    case 'notSent':
      return fails(`no order was sent: ${probe.why}`, 'try again when the exchange is open');
    case 'addressRefused':
      return fails(probe.brokerSaid, 'register this address at the broker’s developer console');
    case 'refused':
      return fails(
        `the broker refused the order: ${probe.brokerSaid}`,
        'put right what it says; nothing was bought',
      );
    case 'inDoubt':
      return fails(
        `it is NOT KNOWN whether the order with tag ${probe.tag} exists: ${probe.why}`,
        `${inKite}, and cancel it if it is there`,
      );
    case 'notCancelled':
      return fails(
        `order ${probe.orderId} is NOT known to be cancelled: ${probe.why}`,
        `${inKite}, and cancel it by hand`,
      );
    case 'bought':
      return fails(
        `order ${probe.orderId} has BOUGHT one share of ${probe.tradingsymbol}`,
        `${inKite}, and sell the share`,
      );
  }
}
