// Goal: alerts arrive as plain text; commands are answered to the one chat, once, and survive a restart.
import { Secret } from '../../../domain/secret';
import { ApplicationFailure } from '@temporalio/common';
import type { Pool } from 'pg';
import { alertChannels, type AlertChannel, type AlertInput } from '../../../activities/alerts';
import { telegramBot, type Bot } from '../../../activities/alerts/telegram/botApi';
import { ignoredMessages, startChat } from '../../../activities/alerts/telegram/chat';
import type { ChatCommand } from '../../../domain/alerts/chat';
import { hasPostgres, unguarded, useDatabase, type TestDatabase } from '../../support/database';
import { TelegramServer } from '../../support/telegramServer';

const chatId = 4711;
const alert: AlertInput = {
  id: 'a1',
  account: 'zx1234',
  type: 'protection.missing',
  timestamp: '2026-11-27T04:30:00.000Z',
  body: { intentId: 'R1', tradingsymbol: 'M&M_<b>', direction: 'LONG', held: 479, covered: 0 },
};

let server: TelegramServer;
let apiRoot: string;
beforeEach(async () => {
  server = new TelegramServer();
  apiRoot = await server.listen();
});
afterEach(() => server.close());

const channel = (
  except: readonly string[] = [],
  token: string | undefined = TelegramServer.token,
): AlertChannel => {
  const telegram = { chatId, except: [...except], apiRoot };
  const secret = (name: string): Secret | undefined =>
    name === 'RATCHET_TELEGRAM_TOKEN' && token !== '' ? new Secret(token) : undefined;
  const config = { webhooks: [], telegram };
  const [only] = alertChannels({ config, secret, mode: 'live', loopbackDevelopment: true });
  if (only === undefined) throw new Error('no channel');
  return only;
};

async function failure(sending: Promise<void>): Promise<ApplicationFailure> {
  const error: unknown = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApplicationFailure)) throw new Error('expected an ApplicationFailure');
  return error;
}

test('an alarm is plain text to the configured chat, with a sound; what is good to know makes none', async () => {
  await channel().send(alert);
  await channel().send({ ...alert, type: 'day.started', body: { date: '2026-11-27', stocks: 24 } });
  const [alarm, news] = server.sent;
  expect(alarm).toMatchObject({ chat_id: chatId, disable_notification: false });
  expect(alarm?.parse_mode).toBeUndefined();
  expect(alarm?.text).toContain('LIVE account zx1234 · CRITICAL\nM&M_<b> (long): 479 shares held');
  expect(news?.disable_notification).toBe(true);
});

test('types that are left out are not taken', () => {
  expect(channel(['trade.stop_moved']).takes('trade.stop_moved')).toBe(false);
  expect(channel(['trade.stop_moved']).takes('trade.closed')).toBe(true);
});

test.each([
  { status: 429, body: { parameters: { retry_after: 31 } }, type: 'EndpointThrottled', ms: 31_000 },
  { status: 403, body: { description: 'Forbidden: bot was blocked' }, type: 'EndpointRefused' },
  { status: 502, body: '<html>', type: 'EndpointRefused' },
])('an answer of $status is tried again as $type', async ({ status, body, type, ms }) => {
  server.refusals.push({ status, body });
  const error = await failure(channel().send(alert));
  expect(error).toMatchObject({ type, nonRetryable: false });
  expect(error.nextRetryDelay ?? undefined).toBe(ms);
});

test('a failure names the host and the words, never the token', async () => {
  server.refusals.push({ status: 401, body: { description: 'Unauthorized' } });
  const refused = await failure(channel().send(alert));
  expect(refused.message).toBe('Telegram answered 401: Unauthorized.');
  await server.close();
  const unreachable = await failure(channel().send(alert));
  expect(unreachable.type).toBe('EndpointUnreachable');
  expect(`${unreachable.message}${unreachable.stack}`).not.toContain('AAAA');
  server = new TelegramServer();
  await server.listen();
});

test('a missing or misspelt token stops the start in one sentence, without repeating it', () => {
  expect(() => channel([], '')).toThrow(/set RATCHET_TELEGRAM_TOKEN/);
  expect(() => channel([], 'hunter2')).toThrow(/must be a bot token/);
  expect(() => channel([], 'hunter2')).not.toThrow(/hunter2/);
});

(hasPostgres ? describe : describe.skip)('the chat', () => {
  let pool: Pool;
  let database: TestDatabase;
  useDatabase((made, opened) => {
    pool = made;
    database = opened;
  });
  let call: Bot;
  let asked: ChatCommand[];
  let warnings: string[];
  let answer: (command: ChatCommand) => Promise<string>;
  beforeEach(async () => {
    await unguarded(database, 'truncate chat');
    ({ call } = telegramBot({
      token: new Secret(TelegramServer.token),
      apiRoot,
      loopbackDevelopment: true,
    }));
    asked = [];
    warnings = [];
    answer = (command) => {
      asked.push(command);
      return Promise.resolve(`answer to ${command.kind}`);
    };
  });
  const start = (): (() => Promise<void>) =>
    startChat({
      ...{ pool, call, chatId, pauseMs: 1 },
      answer: (command) => answer(command),
      warn: (line) => warnings.push(line),
    });
  const texts = (): readonly string[] => server.sent.map(({ text }) => text);

  test('commands of the chat are answered there; what is no command is not', async () => {
    const stop = start();
    server.write(chatId, 'good morning');
    server.write(chatId, '/halt@RatchetBot too wild today');
    server.write(chatId, '/status');
    await server.until(() => server.sent.length === 2);
    await stop();
    expect(asked).toEqual([{ kind: 'halt', reason: 'too wild today' }, { kind: 'status' }]);
    expect(server.sent.every(({ chat_id }) => chat_id === chatId)).toBe(true);
  });

  test('another chat gets no answer and is counted', async () => {
    const stop = start();
    server.write(666, '/halt');
    server.write(-chatId, '/positions');
    server.write(chatId, '/status');
    await server.until(() => server.sent.length === 1);
    const seen = server.offsets.length;
    await server.until(() => server.offsets.length > seen);
    await stop();
    expect(asked).toEqual([{ kind: 'status' }]);
    expect(await ignoredMessages(pool, chatId)).toBe(2);
  });

  test('what was answered is not answered again after a restart', async () => {
    const stop = start();
    const last = server.write(chatId, '/halt');
    await server.until(() => server.offsets.at(-1) === last + 1);
    await stop();
    const stopAgain = start();
    server.write(chatId, '/status');
    await server.until(() => server.sent.length === 2);
    await stopAgain();
    expect(texts()).toEqual(['answer to halt', 'answer to status']);
  });

  test('an answer that fails is told, and the next command is answered', async () => {
    answer = (command) =>
      command.kind === 'halt' ? Promise.reject(new Error('no database')) : Promise.resolve('fine');
    const stop = start();
    server.write(chatId, '/halt');
    server.write(chatId, '/status');
    await server.until(() => server.sent.length === 2);
    await stop();
    expect(texts()).toEqual(['That could not be done: no database', 'fine']);
  });

  test('rows of another form are passed over', async () => {
    const stop = start();
    server.push({ edited_message: { text: 'x' } });
    server.push({ message: { chat: 'nobody' } });
    server.push({ message: { chat: { id: chatId }, photo: [] } });
    server.write(chatId, '/status');
    await server.until(() => server.sent.length === 1);
    await stop();
    expect(asked).toEqual([{ kind: 'status' }]);
  });

  test('a chat that cannot be read is told once, and read again', async () => {
    const conflict = { status: 409, body: { description: 'Conflict: another getUpdates' } };
    server.refusals.push(conflict, conflict);
    const stop = start();
    server.write(chatId, '/status');
    await server.until(() => server.sent.length === 1);
    await stop();
    expect(warnings).toEqual([expect.stringContaining('Conflict')]);
  });
});
