// Scores from the model server, Open Inference Protocol v2. A score that cannot be had is null with the
// reason logged by the caller; what that means for a trade is decided in domain/.
import { z } from 'zod';

const metadata = z.object({
  inputs: z.array(z.object({ name: z.string(), datatype: z.string() })).min(1),
});
const inferReply = z.object({
  model_version: z.string().optional(),
  outputs: z.array(z.object({ shape: z.array(z.number()), data: z.array(z.number()) })).min(1),
});

/** A batch's scores, one row each, and the version that gave them. */
export interface Scores {
  readonly rows: readonly (readonly number[])[];
  readonly version: string | null;
}

export interface ModelClient {
  /** @throws Error when the server does not answer in time or refuses. */
  score(model: string, rows: readonly (readonly number[])[]): Promise<Scores>;
}

const timeoutMs = 5_000;

export function createModelClient(url: string): ModelClient {
  const inputs = new Map<string, { name: string; datatype: string }>();
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const reply = await fetch(`${url}${path}`, {
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
    });
    if (!reply.ok)
      throw new Error(
        `the model server answered ${reply.status}: ${(await reply.text()).slice(0, 300)}`,
      );
    return reply.json();
  };
  const inputOf = async (model: string): Promise<{ name: string; datatype: string }> => {
    const known = inputs.get(model) ?? metadata.parse(await ask(`/v2/models/${model}`)).inputs[0];
    if (known === undefined) throw new Error(`model ${model} declares no input`);
    inputs.set(model, known);
    return known;
  };
  return {
    score: async (model, rows) => {
      if (rows.length === 0) return { rows: [], version: null };
      const input = await inputOf(model);
      const shape = [rows.length, rows[0]?.length ?? 0];
      const reply = inferReply.parse(
        await ask(`/v2/models/${model}/infer`, {
          inputs: [{ ...input, shape, data: rows.flat() }],
        }),
      );
      const [output] = reply.outputs;
      const width = (output?.data.length ?? 0) / rows.length;
      return {
        rows: rows.map((_, row) => output?.data.slice(row * width, (row + 1) * width) ?? []),
        version: reply.model_version ?? null,
      };
    },
  };
}
