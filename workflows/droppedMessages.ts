// Signals that this run has dropped, because they were not ours or made no sense.
import { log } from '@temporalio/workflow';
import type { z } from 'zod';

let dropped = 0;

export const droppedMessages = (): number => dropped;

export function dropMessage(signal: string, why: string): void {
  dropped += 1;
  log.warn(`the signal ${signal} was dropped: ${why}`);
}

/** A handler that takes what fits the shape. Anything else is dropped: one that threw would fail its task for ever. */
export const taking =
  <Shape>(signal: string, shape: z.ZodType<Shape>, act: (message: Shape) => void) =>
  (message: unknown): void => {
    const parsed = shape.safeParse(message);
    if (parsed.success) act(parsed.data);
    else dropMessage(signal, 'it does not have the shape of one');
  };
