// The chat's questions: read by long polling, answered to the configured chat only. How far the chat has been
// read is kept, so that no command is carried out twice after a restart, and none is lost.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { z } from 'zod';
import { wordsOf } from '../../../domain/errors';
import { commandOf, type ChatCommand } from '../../../domain/alerts/chat';
import type { Bot } from './botApi';
import { telegramName } from './telegramChannel';

export interface ChatOptions {
  readonly pool: Pool;
  readonly call: Bot;
  readonly chatId: number;
  readonly answer: (command: ChatCommand) => Promise<string>;
  /** Hears why the chat cannot be read, once for each new reason. */
  readonly warn: (sentence: string) => void;
  /** Pause after a failed reading, doubled each time up to a minute; 2 s by default. */
  readonly pauseMs?: number;
}

/** How long Telegram holds a question without news. */
const pollSeconds = 25;
const pollTimeoutMs = 40_000;
const sendTimeoutMs = 15_000;
const updatesAtOnce = 10;
const replyBytesMax = 1_000_000;
const textMax = 4_000;
const pauseMaxMs = 60_000;

const updateSchema = z.object({
  update_id: z.int(),
  message: z.object({ chat: z.object({ id: z.int() }), text: z.string().optional() }).optional(),
});
type Update = z.infer<typeof updateSchema>;

/** Reads and answers until stopped. @returns the stop, which resolves once nothing is under way. */
export function startChat(options: ChatOptions): () => Promise<void> {
  const stopped = new AbortController();
  const done = run(options, stopped.signal);
  return async () => {
    stopped.abort();
    await done;
  };
}

async function run(options: ChatOptions, signal: AbortSignal): Promise<void> {
  const { warn, pauseMs = 2_000 } = options;
  const isStopped = (): boolean => signal.aborted;
  let told = '';
  for (let failures = 0; !isStopped();) {
    try {
      await readOnce(options, signal);
      [failures, told] = [0, ''];
    } catch (error) {
      if (isStopped()) return;
      const why = wordsOf(error);
      if (why !== told) warn(`the Telegram chat cannot be read: ${why}`);
      told = why;
      const pause = Math.min(pauseMs * 2 ** Math.min(failures, 6), pauseMaxMs);
      failures += 1;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function readOnce(options: ChatOptions, signal: AbortSignal): Promise<void> {
  const { pool, call, chatId } = options;
  const parameters = {
    offset: await nextUpdate(pool, chatId),
    timeout: pollSeconds,
    limit: updatesAtOnce,
    allowed_updates: ['message'],
  };
  const method = 'getUpdates';
  const reply = await call({ method, parameters, timeoutMs: pollTimeoutMs, replyBytesMax, signal });
  const updates = z.array(z.unknown()).safeParse(reply.result);
  if (reply.status !== 200 || !updates.success)
    throw new Error(`Telegram answered ${reply.status}: ${reply.said ?? 'nothing readable'}`);
  for (const update of updates.data.flatMap(knownUpdate)) await take(options, update);
}

/** A row of another form is passed over with the next one that is read. */
function knownUpdate(row: unknown): readonly Update[] {
  const known = updateSchema.safeParse(row);
  if (known.success) return [known.data];
  const bare = updateSchema.pick({ update_id: true }).safeParse(row);
  return bare.success ? [bare.data] : [];
}

async function take(options: ChatOptions, { update_id, message }: Update): Promise<void> {
  const { pool, chatId } = options;
  const isOurs = message?.chat.id === chatId;
  if (isOurs) await reply(options, message.text ?? '');
  await noteRead(pool, chatId, { next: update_id + 1, ignored: isOurs || !message ? 0 : 1 });
}

/** An answer that cannot be sent is not tried again: the person asks once more. */
async function reply({ call, chatId, answer, warn }: ChatOptions, message: string): Promise<void> {
  const command = commandOf(message);
  if (command === null) return;
  const text = await answer(command).catch(
    (error: unknown) => `That could not be done: ${wordsOf(error)}`,
  );
  const parameters = { chat_id: chatId, text: text.slice(0, textMax) };
  await call({ method: 'sendMessage', parameters, timeoutMs: sendTimeoutMs }).catch(() =>
    warn(`the answer to /${command.kind} could not be sent`),
  );
}

async function nextUpdate(pool: Pool, chatId: number): Promise<number> {
  const { rows } = await pool.query<{ next_update: string }>(
    'select next_update from chat where channel = $1',
    [telegramName(chatId)],
  );
  return Number(rows[0]?.next_update ?? 0);
}

/** Messages of other chats so far. */
export async function ignoredMessages(pool: Pool, chatId: number): Promise<number> {
  const { rows } = await pool.query<{ ignored: string }>(
    'select ignored from chat where channel = $1',
    [telegramName(chatId)],
  );
  return Number(rows[0]?.ignored ?? 0);
}

async function noteRead(
  pool: Pool,
  chatId: number,
  { next, ignored }: { readonly next: number; readonly ignored: number },
): Promise<void> {
  await pool.query(
    `insert into chat (channel, next_update, ignored) values ($1, $2, $3)
     on conflict (channel) do update set next_update = excluded.next_update,
       ignored = chat.ignored + excluded.ignored`,
    [telegramName(chatId), next, ignored],
  );
}
