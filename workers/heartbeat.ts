// Sends a heartbeat for every activity that has a heartbeat timeout. So a killed worker is noticed within
// seconds, although a call may take longer.
import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';

/** Sends at a third of the timeout, so that one lost heartbeat does no harm. */
export const heartbeating = (context: Context): ActivityInterceptors => ({
  inbound: {
    execute: async (input, next) => {
      const { heartbeatTimeoutMs } = context.info;
      if (heartbeatTimeoutMs === undefined) return next(input);
      const beat = setInterval(() => context.heartbeat(), heartbeatTimeoutMs / 3);
      try {
        return await next(input);
      } finally {
        clearInterval(beat);
      }
    },
  },
});
