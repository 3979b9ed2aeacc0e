// The Telegram chat's commands, wired to our records, the day and the broker.
import type { Client } from '@temporalio/client';
import { ignoredMessages, startChat } from '../activities/alerts/telegram/chat';
import { telegramBot } from '../activities/alerts/telegram/botApi';
import { recordedLoss } from '../activities/broker';
import { latestHalt } from '../activities/ledger/halts';
import { latestSession } from '../activities/ledger/latestSession';
import { recordedPositions } from '../activities/ledger/recordedPositions';
import type { Broker } from '../broker/port';
import {
  helpText,
  positionsText,
  resumeText,
  statusText,
  type ChatCommand,
  type ChatPosition,
  type ChatStatus,
} from '../domain/alerts/chat';
import { recordedView } from '../domain/portfolio/recordedView';
import { shownDuring } from '../domain/portfolio/unknownSince';
import { requireSecret } from '../infra/secrets';
import { dayQuery, dayWorkflowId } from '../workflows/messages';
import type { WorkerEnvironment } from './environment';
import { haltEntries, type HaltParts } from './haltEntries';
import { inTime } from './switchPaths';

export interface ChatParts extends HaltParts {
  readonly broker: Broker;
  readonly mode: string;
  readonly chatId: number;
}

/** Answers the configured chat until stopped. @returns the stop; undefined without a chat. */
export function startTelegramChat(
  { config, pool, broker: { mode } }: WorkerEnvironment,
  { client, broker }: { readonly client: Client; readonly broker: Broker },
): (() => Promise<void>) | undefined {
  if (config.telegram === undefined) return undefined;
  const { chatId, apiRoot } = config.telegram;
  const token = requireSecret('RATCHET_TELEGRAM_TOKEN');
  const { call } = telegramBot({ token, apiRoot, loopbackDevelopment: mode === 'paper' });
  const parts = { account: config.account, pool, client, broker, mode, chatId };
  const warn = (sentence: string): void => console.warn(sentence);
  return startChat({ pool, call, chatId, warn, answer: (command) => answerTo(parts, command) });
}

/** @throws Error when our records cannot be read. */
export async function answerTo(parts: ChatParts, command: ChatCommand): Promise<string> {
  switch (command.kind) {
    case 'status':
      return statusText(await statusOf(parts));
    case 'positions':
      return positionsText(
        await positionsOf(parts, await latestSession(parts.pool, parts.account)),
      );
    case 'halt':
      return halt(parts, command.reason);
    case 'resume':
      return resumeText;
    case 'help':
      return helpText;
  }
}

async function halt(parts: ChatParts, words: string): Promise<string> {
  const reason = words === '' ? 'by Telegram' : `by Telegram: ${words}`;
  const { halted, cancelled, unanswered } = await haltEntries(parts, { reason, who: 'Telegram' });
  return [
    halted
      ? 'Entries are halted. Open positions go on with their stops.'
      : 'Entries could NOT be halted in the database.',
    ...(cancelled === 0 ? [] : [`Waiting entries cancelled: ${cancelled}`]),
    ...unanswered.map((what) => `No answer from ${what}`),
  ].join('\n');
}

async function statusOf({ account, pool, client, mode, chatId }: ChatParts): Promise<ChatStatus> {
  const date = await latestSession(pool, account);
  const [halted, positions, lost, ignored, day] = await Promise.all([
    latestHalt(pool, account),
    positionsOf({ account, pool }, date),
    recordedLoss(pool, account),
    ignoredMessages(pool, chatId),
    date === null ? null : dayOf(client, dayWorkflowId(account, date)),
  ]);
  return {
    mode,
    account,
    date,
    day,
    halt: halted,
    positions,
    ignored,
    lostSince: lost?.since ?? null,
  };
}

const dayOf = (client: Client, workflowId: string): Promise<ChatStatus['day']> =>
  inTime(client.workflow.getHandle(workflowId).query(dayQuery)).catch(() => null);

async function positionsOf(
  { account, pool }: Pick<ChatParts, 'account' | 'pool'>,
  date: string | null,
): Promise<readonly ChatPosition[]> {
  if (date === null) return [];
  const loss = await recordedLoss(pool, account);
  const positions = await recordedPositions(pool, account, date);
  return positions.map((position) => shownDuring(recordedView(position), loss));
}
