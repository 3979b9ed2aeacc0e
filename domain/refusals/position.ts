// What a position answers to an operator. Nothing has changed.
import type { Refusal } from './refusal';

export const positionRefusals = {
  POSITION_CLOSED: { when: 'The position is closed.', remedy: 'Nothing.' },
  POSITION_NOT_FILLED: {
    when: 'The position holds nothing yet.',
    remedy: 'Wait for its entry, or close it.',
  },
  POSITION_EXITING: { when: 'The position is already being closed.', remedy: 'Wait.' },
  STOP_OFF_TICK: {
    when: 'The stop is no multiple of the stock’s tick.',
    remedy: 'Give a price on the tick grid.',
  },
  STOP_LOOSENS: {
    when: 'The stop would move away from the price.',
    remedy: 'Give a tighter one; a stop is never loosened.',
  },
  STOP_CROSSED: {
    when: 'The last price is already beyond the stop.',
    remedy: 'Close the position instead.',
  },
  POLICY_LOOSENS: {
    when: 'The new policy would move the stop away from the price.',
    remedy: 'Use --force if that is what you want.',
  },
  TRAILING_POLICY: {
    when: 'A trailing policy has a wrong key or value.',
    remedy: 'Correct the key the sentence names; docs/configuration.md has them all.',
  },
  HALT_REASON: {
    when: 'A halt was asked for without words, or with too many.',
    remedy: 'Give a reason of 1 to 200 characters.',
  },
} as const satisfies Record<string, Refusal>;
