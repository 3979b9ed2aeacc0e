// One call of Telegram's Bot API. The token is a part of the path, so no message of ours ever holds a URL.
// Source: core.telegram.org/bots/api, "Making requests".
import type { Secret } from '../../../domain/secret';
import { parsedJson } from '../../../domain/json';
import { z } from 'zod';
import {
  allowedAddress,
  checkTargetUrl,
  systemResolve,
  type TargetRules,
} from '../../../infra/net/targetAddress';
import { postOnce, type HttpReply } from '../httpOnce';
import { Refused } from '../../../domain/errors';

export interface BotOptions {
  readonly token: Secret;
  /** https://api.telegram.org, or a Bot API server of one's own. */
  readonly apiRoot: string;
  /** Allows http and loopback. For development and tests only. */
  readonly loopbackDevelopment?: boolean;
}

export interface BotCall {
  readonly method: 'sendMessage' | 'getUpdates';
  readonly parameters: object;
  readonly timeoutMs: number;
  readonly replyBytesMax?: number;
  readonly signal?: AbortSignal;
}

/** What Telegram said: its answer, or why not. */
export interface BotReply extends Pick<HttpReply, 'status'> {
  readonly result: unknown;
  /** Telegram's own words when it said no. */
  readonly said: string | undefined;
  readonly retryAfterMs: number | undefined;
}

/** Calls the bot. @throws Error when there is no complete answer, Refused when its address is not allowed. */
export type Bot = (call: BotCall) => Promise<BotReply>;

const tokenPattern = /^\d{1,20}:[A-Za-z0-9_-]{20,100}$/;
const replySchema = z.object({
  result: z.unknown().optional(),
  description: z.string().optional(),
  parameters: z.object({ retry_after: z.number().positive().optional() }).optional(),
});

/** @throws Refused when the token has not the form of one, or the address is not allowed. */
export function telegramBot({ token, apiRoot, loopbackDevelopment = false }: BotOptions): {
  readonly url: URL;
  readonly call: Bot;
} {
  if (!tokenPattern.test(token.reveal()))
    throw new Refused({
      code: 'TELEGRAM_TOKEN',
      message:
        'RATCHET_TELEGRAM_TOKEN must be a bot token like 123456:ABC…, as BotFather gives it.',
    });
  const rules: TargetRules = {
    loopbackDevelopment,
    allowedPorts: [],
    called: 'telegram.apiRoot',
  };
  const url = checkTargetUrl(apiRoot, rules);
  const call: Bot = async ({ method, parameters, ...limits }) => {
    const address = await allowedAddress(url, rules, systemResolve);
    const target = new URL(
      `${url.pathname.replace(/\/$/, '')}/bot${token.reveal()}/${method}`,
      url,
    );
    const body = JSON.stringify(parameters);
    const headers = { 'content-type': 'application/json', 'user-agent': 'ratchet-alerts' };
    return readReply(await postOnce({ url: target, address, headers, body, ...limits }));
  };
  return { url, call };
}

function readReply({ status, body }: HttpReply): BotReply {
  const known = replySchema.safeParse(parsedJson(body));
  if (!known.success)
    return { status, result: undefined, said: undefined, retryAfterMs: undefined };
  const { result, description, parameters } = known.data;
  const seconds = parameters?.retry_after;
  return {
    status,
    result,
    said: description,
    retryAfterMs: seconds === undefined ? undefined : seconds * 1_000,
  };
}
