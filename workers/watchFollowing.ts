// Tells people of a position that does not follow the price: it was signalled and has not answered.
import { notFollowing, type Unanswered } from '../domain/trailing';
import { epochMs } from '../domain/units';
import type { RaiseOwnAlert } from './raiseAlert';

const lookEveryMs = 1_000;

/** @param unanswered what the gateway waits for now. @returns ends the watch. */
export function watchFollowing(
  unanswered: () => readonly Unanswered[],
  raise: RaiseOwnAlert,
  now: () => number = Date.now,
): () => void {
  let told = new Set<string>();
  const looking = setInterval(() => {
    const at = epochMs(now());
    const late = notFollowing(unanswered(), at);
    const keys = new Set<string>();
    for (const { workflowId, since } of late) {
      const key = `${workflowId}-${since}`;
      keys.add(key);
      const seconds = Math.round((at - since) / 1_000);
      if (!told.has(key))
        void raise('position.not_following', key, { workflow: workflowId, seconds });
    }
    told = keys;
  }, lookEveryMs);
  return () => clearInterval(looking);
}
