// The stamp is the last argument of every signal and update. The codec proves who wrote the arguments; the
// stamp proves that they were written for this message, and once. Without it, whoever reads a history could
// send its payloads again, under the same name or another, and a message without arguments would need no key.
import { whyAnyRefused } from './refusedPayload';

/** Written by the sender, for one message. */
export interface Stamp {
  readonly stampOf: string;
  /** Unlike that of any other message. */
  readonly id: string;
}

export const stamp = (name: string, id: string): Stamp => ({ stampOf: name, id });

const isStamp = (value: unknown): value is Stamp =>
  typeof value === 'object' &&
  value !== null &&
  'stampOf' in value &&
  typeof value.stampOf === 'string' &&
  'id' in value &&
  typeof value.id === 'string' &&
  value.id.length > 0 &&
  value.id.length <= 64;

/** A message as it was meant, and its stamp's id. */
export interface OwnMessage {
  readonly args: readonly unknown[];
  readonly id: string;
}

/** A message of ours, or why it is refused. */
export type Unstamped = OwnMessage | { readonly refused: string };

/**
 * Takes the stamp off a message.
 * @param seen whether a stamp's id has been here before
 */
export function unstamped(
  name: string,
  args: readonly unknown[],
  seen: (id: string) => boolean,
): Unstamped {
  const foreign = whyAnyRefused(args);
  if (foreign !== undefined) return { refused: foreign };
  const last = args.at(-1);
  if (!isStamp(last)) return { refused: 'it bears no stamp of ours' };
  if (last.stampOf !== name) return { refused: `its stamp is for the message ${last.stampOf}` };
  if (seen(last.id)) return { refused: 'its stamp has been used before' };
  return { args: args.slice(0, -1), id: last.id };
}
