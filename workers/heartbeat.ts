// Tells Temporal that an activity's process still lives, for every activity that has a heartbeat timeout:
// so a killed worker is noticed in seconds although a call may take longer.
import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';

/** Beats at a third of the timeout, so that one lost beat does no harm. */
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
