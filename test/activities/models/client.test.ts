// Goal: the trading worker asks for scores within a deadline, gets the version that answered, and never a
// shadow's answer. A stand-in server answers what each test sets.
import { Secret } from '../../../domain/secret';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createModelClient } from '../../../activities/models';
import { TooMuchAtOnce } from '../../../activities/models/batches';

const metadata = { name: 'quality', inputs: [{ name: 'features', datatype: 'FP32' }] };
const answer = (variant: string): object => ({
  model_name: 'quality',
  model_version: '3',
  parameters: { variant },
  outputs: [{ name: 'probability', datatype: 'FP32', shape: [2, 2], data: [0.1, 0.9, 0.4, 0.6] }],
});

let server: Server;
let seen: { authorization: string | undefined; body: string }[];
/** What an infer call answers; undefined never answers. */
let infer: { status: number; body: object } | undefined;
let absences: string[];
let client: ReturnType<typeof createModelClient>;

beforeEach(async () => {
  seen = [];
  absences = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ authorization: request.headers.authorization, body });
      const reply = request.method === 'GET' ? { status: 200, body: metadata } : infer;
      if (reply === undefined) return;
      response.writeHead(reply.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = createModelClient(`http://127.0.0.1:${port}`, {
    deadlineMs: 300,
    scoreToken: new Secret('score-token'),
    onAbsent: (model, reason) => absences.push(`${model}: ${reason}`),
  });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('scores come a row each with the version that gave them; the token is sent', async () => {
  infer = { status: 200, body: answer('canary') };
  const rows = [
    [1, 2],
    [3, 4],
  ];
  expect(await client.score('quality', rows)).toEqual({
    rows: [
      [0.1, 0.9],
      [0.4, 0.6],
    ],
    version: '3',
  });
  expect(seen.every(({ authorization }) => authorization === 'Bearer score-token')).toBe(true);
  expect(JSON.parse(seen[1]?.body ?? '')).toEqual({
    inputs: [{ name: 'features', datatype: 'FP32', shape: [2, 2], data: [1, 2, 3, 4] }],
  });
});

test('no rows are no call', async () => {
  expect(await client.score('quality', [])).toEqual({ rows: [], version: null });
  expect(seen).toEqual([]);
});

test.each(['shadow', 'requested', ''])(
  'a score of the variant "%s" is refused',
  async (variant) => {
    infer = { status: 200, body: answer(variant) };
    await expect(client.score('quality', [[1], [2]])).rejects.toThrow(/variant/);
    expect(absences).toHaveLength(1);
  },
);

test('an answer that does not come within the deadline is an absent score, said once', async () => {
  infer = undefined;
  await expect(client.score('quality', [[1]])).rejects.toThrow(/timeout/i);
  expect(absences).toEqual([expect.stringMatching(/^quality: .*timeout/i)]);
});

test('a refusal carries the server’s sentence', async () => {
  infer = { status: 503, body: { error: 'Model quality version 3 is out.' } };
  await expect(client.score('quality', [[1]])).rejects.toThrow(/503.*version 3 is out/);
});

test.each([413, 504])('%i says that fewer rows may go', async (status) => {
  infer = { status, body: { error: 'too much' } };
  await expect(client.score('quality', [[1]])).rejects.toThrow(TooMuchAtOnce);
});

test('the routing key goes with the rows, and a wish for the outcome comes back', async () => {
  const { parameters, ...rest } = answer('stable') as { parameters: object };
  infer = { status: 200, body: { ...rest, parameters: { ...parameters, outcome_wanted: true } } };
  const scores = await client.score('quality', [[1], [2]], 'account/INFY/1');
  expect(scores.outcomeWanted).toBe(true);
  expect(JSON.parse(seen.at(-1)?.body ?? '')).toMatchObject({
    parameters: { routing_key: 'account/INFY/1' },
  });
});

test.each([
  ['counted', { status: 200, body: { counted: true, arm: 'candidate' } }, /counted for the cand/],
  ['not asked for', { status: 200, body: { counted: false } }, /not asked for any more/],
  ['refused for good', { status: 409, body: { error: 'was not answered' } }, /^refused: .*was not/],
] as const)('an outcome that is %s is over', async (...[, reply, said]) => {
  infer = reply;
  const outcome = { routingKey: 'account/INFY/1', success: true };
  expect(await client.reportOutcome('quality', outcome)).toMatch(said);
  expect(JSON.parse(seen.at(-1)?.body ?? '')).toEqual({
    routing_key: 'account/INFY/1',
    success: true,
  });
});

test('an outcome the server could not take is an error, so that it is told again', async () => {
  infer = { status: 503, body: { error: 'later' } };
  const outcome = { routingKey: 'key', success: false };
  await expect(client.reportOutcome('quality', outcome)).rejects.toThrow(/503.*later/);
});

test('many absences at once are told once', async () => {
  infer = { status: 503, body: { error: 'out' } };
  const asks = Array.from({ length: 20 }, () => client.score('quality', [[1]]));
  expect((await Promise.allSettled(asks)).every(({ status }) => status === 'rejected')).toBe(true);
  expect(absences).toHaveLength(1);
});
