// HTTP calls of the serving tests: JSON in, status and parsed body out.

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Sends `body` as JSON (or raw, when a string or bytes) and reads the answer as JSON where it is. */
export async function call(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && !raw && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && {
      body: raw ? new Uint8Array(Buffer.from(body)) : JSON.stringify(body),
    }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as unknown) : text,
  };
}

/** An infer body for the models of `logisticModel`: one row or several. */
export const features = (...rows: readonly (readonly number[])[]): object => ({
  inputs: [
    {
      name: 'features',
      datatype: 'FP32',
      shape: [rows.length, rows[0]?.length ?? 0],
      data: rows.flat(),
    },
  ],
});

/** The first output's numbers of an infer answer. */
export function scores({ status, body }: Answer): readonly number[] {
  if (status !== 200) throw new Error(`status ${status}: ${JSON.stringify(body)}`);
  const { outputs } = body as { outputs: { data: number[] }[] };
  return outputs[0]?.data ?? [];
}

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
