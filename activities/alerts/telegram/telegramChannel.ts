// Alerts as messages of a Telegram bot: plain sentences, and no markup that a stock's name could break.
import { ApplicationFailure } from '@temporalio/common';
import { isQuiet, messageOf } from '../../../domain/alerts/message';
import { attemptFailure, failureTypes, slowDown, type AlertChannel } from '../channel';
import type { AlertInput } from '../alertInput';
import type { Bot, BotReply } from './botApi';

export interface TelegramChannelOptions {
  readonly chatId: number;
  /** Where the bot lives, for the sentence of a failure. */
  readonly url: URL;
  readonly call: Bot;
  /** paper, shadow or live. */
  readonly mode: string;
  /** Types that are not told here. */
  readonly except: readonly string[];
}

/** Deadline of one attempt. */
const timeoutMs = 15_000;

export function telegramChannel(options: TelegramChannelOptions): AlertChannel {
  const { chatId, except } = options;
  return {
    name: telegramName(chatId),
    takes: (type) => !except.includes(type),
    send: async (alert) => judge(await attempt(options, alert)),
  };
}

export const telegramName = (chatId: number): string => `telegram#${chatId}`;

async function attempt(
  { chatId, url, call, mode }: TelegramChannelOptions,
  alert: AlertInput,
): Promise<BotReply> {
  const parameters = {
    chat_id: chatId,
    text: messageOf(alert, mode),
    link_preview_options: { is_disabled: true },
    disable_notification: isQuiet(alert.type),
  };
  try {
    return await call({ method: 'sendMessage', parameters, timeoutMs });
  } catch (error) {
    throw attemptFailure(error, url);
  }
}

/**
 * A wrong token and a bot that was blocked are tried again, more and more slowly: a person can put both right,
 * and then the alert arrives.
 */
function judge({ status, said, retryAfterMs }: BotReply): void {
  if (status >= 200 && status < 300) return;
  const sentence = `Telegram answered ${status}${said === undefined ? '' : `: ${said}`}.`;
  if (status === 429 && retryAfterMs !== undefined) throw slowDown(sentence, retryAfterMs);
  throw ApplicationFailure.retryable(sentence, failureTypes.refused);
}
