// Scores from the model server (Open Inference Protocol v2) within a deadline. A missing score is an error to
// the caller and one line in the log. What it means for a trade is configured (decision.model.whenAbsent) and
// decided in domain/.
import type { Secret } from '../../domain/secret';
import { z } from 'zod';
import { Refused, wordsOf } from '../../domain/errors';
import { TooMuchAtOnce } from './batches';

export { scoreInBatches } from './batches';

const metadata = z.object({
  inputs: z.array(z.object({ name: z.string(), datatype: z.string() })).min(1),
});
/**
 * The versions whose answer a trade may use: one that serves, or one that stands in for it. Never a shadow's.
 */
const variants = z.enum(['stable', 'canary', 'fallback']);
const inferReply = z.object({
  model_version: z.string(),
  parameters: z.object({ variant: variants, outcome_wanted: z.boolean().optional() }),
  outputs: z.array(z.object({ shape: z.array(z.number()), data: z.array(z.number()) })).min(1),
});

/** A batch's scores, one row each, and the version that gave them; null for an empty batch. */
export interface Scores {
  readonly rows: readonly (readonly number[])[];
  readonly version: string | null;
  /** Present where an A/B test waits to be told how the answer to this key turns out. */
  readonly outcomeWanted?: true;
}

/** How an answer turned out. */
export interface Outcome {
  readonly routingKey: string;
  readonly success: boolean;
}

export interface ModelClient {
  /**
   * @param routingKey the same key gets the same version while the rollout's share stays the same.
   * @throws Error when the server does not answer within the deadline, refuses, or answers from a shadow.
   */
  score(model: string, rows: readonly (readonly number[])[], routingKey?: string): Promise<Scores>;
}

export interface OutcomeClient {
  /**
   * Reports how an answer turned out. @returns the server's answer, in words.
   * @throws Error when it was not delivered and should be reported again.
   */
  reportOutcome(model: string, outcome: Outcome): Promise<string>;
}

export interface ModelClientOptions {
  /** Deadline of the whole call. A late score is worthless. Default 5 s. */
  readonly deadlineMs?: number;
  readonly scoreToken?: Secret | undefined;
  /**
   * Called with the reason for a missing score, at most once a second and model, because a bar asks for every
   * stock at once.
   */
  readonly onAbsent?: (model: string, reason: string) => void;
}

const usualDeadlineMs = 5_000;

/** @param url of the model server, without a trailing slash. */
export function createModelClient(
  url: string,
  options: ModelClientOptions = {},
): ModelClient & OutcomeClient {
  const inputs = new Map<string, { name: string; datatype: string }>();
  const inputOf = async (
    model: string,
    ask: ReturnType<typeof asking>,
  ): Promise<{ name: string; datatype: string }> => {
    const known = inputs.get(model) ?? metadata.parse(await ask(`/v2/models/${model}`)).inputs[0];
    if (known === undefined) throw new Error(`model ${model} declares no input`);
    inputs.set(model, known);
    return known;
  };
  const score: ModelClient['score'] = async (model, rows, routingKey) => {
    if (rows.length === 0) return { rows: [], version: null };
    const ask = asking(url, options);
    const input = await inputOf(model, ask);
    const shape = [rows.length, rows[0]?.length ?? 0];
    const body = {
      inputs: [{ ...input, shape, data: rows.flat() }],
      ...(routingKey !== undefined && { parameters: { routing_key: routingKey } }),
    };
    const reply = inferReply.parse(await ask(`/v2/models/${model}/infer`, body));
    const [output] = reply.outputs;
    const width = (output?.data.length ?? 0) / rows.length;
    return {
      rows: rows.map((_, row) => output?.data.slice(row * width, (row + 1) * width) ?? []),
      version: reply.model_version,
      ...(reply.parameters.outcome_wanted === true && { outcomeWanted: true }),
    };
  };
  const noteAbsent = oncePerSecond(options.onAbsent);
  return {
    reportOutcome: (model, { routingKey, success }) =>
      reportOutcome(asking(url, options), model, { routing_key: routingKey, success }),
    score: async (model, rows, routingKey) => {
      try {
        return await score(model, rows, routingKey);
      } catch (error) {
        noteAbsent(model, wordsOf(error));
        throw error;
      }
    },
  };
}

function oncePerSecond(
  tell: (model: string, reason: string) => void = () => undefined,
): (model: string, reason: string) => void {
  const toldAt = new Map<string, number>();
  return (model, reason) => {
    const now = performance.now();
    if (now - (toldAt.get(model) ?? -Infinity) < 1_000) return;
    toldAt.set(model, now);
    tell(model, reason);
  };
}

const counted = z.object({ counted: z.boolean(), arm: z.string().optional() });

async function reportOutcome(
  ask: ReturnType<typeof asking>,
  model: string,
  body: { readonly routing_key: string; readonly success: boolean },
): Promise<string> {
  try {
    const answer = counted.parse(await ask(`/v2/models/${model}/outcomes`, body));
    return answer.counted ? `counted for the ${answer.arm}` : 'not asked for any more';
  } catch (error) {
    // A refused outcome would be refused again.
    if (error instanceof Refused) return `refused: ${error.message}`;
    throw error;
  }
}

/**
 * Statuses that another attempt cannot change: the request is wrong, or too late. A missing token or model
 * can be put right.
 */
const finalStatuses = new Set([400, 409]);

/** The server could not do so many rows in its time, or not take them: fewer at once may go. */
const tooMuchStatuses = new Set([413, 504]);

/** Calls that share one deadline. */
function asking(
  url: string,
  { deadlineMs = usualDeadlineMs, scoreToken }: ModelClientOptions,
): (path: string, body?: unknown) => Promise<unknown> {
  const signal = AbortSignal.timeout(deadlineMs);
  const authorization =
    scoreToken === undefined ? {} : { authorization: `Bearer ${scoreToken.reveal()}` };
  return async (path, body) => {
    const reply = await fetch(`${url}${path}`, {
      signal,
      headers: { ...authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    if (reply.ok) return reply.json();
    const text = (await reply.text()).slice(0, 300);
    const message = `the model server answered ${reply.status}: ${text}`;
    if (finalStatuses.has(reply.status))
      throw new Refused({ code: 'MODEL_SERVER_REFUSED', message });
    throw tooMuchStatuses.has(reply.status) ? new TooMuchAtOnce(message) : new Error(message);
  };
}
