// Scores from the model server, Open Inference Protocol v2, within a deadline. A score that cannot be had is
// an error to the caller and one line to the operator; what its absence means for a trade is configured
// (decision.model.whenAbsent) and decided in domain/.
import { z } from 'zod';

const metadata = z.object({
  inputs: z.array(z.object({ name: z.string(), datatype: z.string() })).min(1),
});
/** Who may answer for a trade: a version serving, or standing in for one. A shadow's score never may. */
const variants = z.enum(['stable', 'canary', 'fallback']);
const inferReply = z.object({
  model_version: z.string(),
  parameters: z.object({ variant: variants }),
  outputs: z.array(z.object({ shape: z.array(z.number()), data: z.array(z.number()) })).min(1),
});

/** A batch's scores, one row each, and the version that gave them; null for an empty batch. */
export interface Scores {
  readonly rows: readonly (readonly number[])[];
  readonly version: string | null;
}

export interface ModelClient {
  /** @throws Error when the server does not answer within the deadline, refuses, or answers from a shadow. */
  score(model: string, rows: readonly (readonly number[])[]): Promise<Scores>;
}

export interface ModelClientOptions {
  /** For the whole call; a score is worth nothing late. Default 5 s. */
  readonly deadlineMs?: number;
  readonly scoreToken?: string | undefined;
  /** Told why a score could not be had. */
  readonly onAbsent?: (model: string, reason: string) => void;
}

const usualDeadlineMs = 5_000;

/** @param url of the model server, without a trailing slash. */
export function createModelClient(url: string, options: ModelClientOptions = {}): ModelClient {
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
  const score: ModelClient['score'] = async (model, rows) => {
    if (rows.length === 0) return { rows: [], version: null };
    const ask = asking(url, options);
    const input = await inputOf(model, ask);
    const shape = [rows.length, rows[0]?.length ?? 0];
    const body = { inputs: [{ ...input, shape, data: rows.flat() }] };
    const reply = inferReply.parse(await ask(`/v2/models/${model}/infer`, body));
    const [output] = reply.outputs;
    const width = (output?.data.length ?? 0) / rows.length;
    return {
      rows: rows.map((_, row) => output?.data.slice(row * width, (row + 1) * width) ?? []),
      version: reply.model_version,
    };
  };
  return {
    score: async (model, rows) => {
      try {
        return await score(model, rows);
      } catch (error) {
        options.onAbsent?.(model, error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
  };
}

/** Rows per request of a long list: a fraction of a deadline's work, well under the server's size limit. */
const batchRows = 32;

/** A long list in requests one after another, each with its own deadline, so that others get between them. */
export async function scoreInBatches(
  models: ModelClient,
  model: string,
  rows: readonly (readonly number[])[],
): Promise<Scores> {
  const scored: (readonly number[])[] = [];
  let version: string | null = null;
  for (let from = 0; from < rows.length; from += batchRows) {
    const batch = await models.score(model, rows.slice(from, from + batchRows));
    scored.push(...batch.rows);
    version = batch.version;
  }
  return { rows: scored, version };
}

/** Calls that share one deadline. */
function asking(
  url: string,
  { deadlineMs = usualDeadlineMs, scoreToken }: ModelClientOptions,
): (path: string, body?: unknown) => Promise<unknown> {
  const signal = AbortSignal.timeout(deadlineMs);
  const authorization = scoreToken === undefined ? {} : { authorization: `Bearer ${scoreToken}` };
  return async (path, body) => {
    const reply = await fetch(`${url}${path}`, {
      signal,
      headers: { ...authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    if (reply.ok) return reply.json();
    const text = (await reply.text()).slice(0, 300);
    throw new Error(`the model server answered ${reply.status}: ${text}`);
  };
}
