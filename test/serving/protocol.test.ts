// The Open Inference Protocol over HTTP against a live server and real scorer processes: metadata, health,
// index, scoring by both fronts, and the sentence of every refusal.
import { gzipSync } from 'node:zlib';
import { startModelServer, type ModelServer } from '../../serving/index';
import { call, features, scores, sigmoid } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

const weights = [0.5, -1, 0.25];
const bias = 0.1;
const logit = (row: readonly number[]): number =>
  row.reduce((sum, feature, index) => sum + feature * (weights[index] ?? 0), bias);

describe.each([
  { front: 'hot path', hotPath: true },
  { front: 'Express', hotPath: false },
])('model server by $front', ({ hotPath }) => {
  const folder = new ModelFolder();
  const admin = 'a'.repeat(40);
  let server: ModelServer;
  const infer = (body: unknown, path = '/v2/models/quality/infer'): ReturnType<typeof call> =>
    call(`${server.url}${path}`, 'POST', body);

  beforeAll(async () => {
    folder.add('quality', '1', logisticModel(weights, bias), {
      ...logisticConfig(3),
      golden: [
        {
          inputs: { features: [[1, 2, 3]] },
          outputs: { probability: [[sigmoid(logit([1, 2, 3]))]] },
          tolerance: 1e-5,
        },
      ],
    });
    server = await startModelServer({ ...folder.served, hotPath, tokens: { admin } });
  });
  afterAll(async () => {
    await server.close();
    folder.remove();
  });

  test('is live and ready, and describes itself and its model', async () => {
    expect((await call(`${server.url}/v2/health/live`, 'GET')).status).toBe(200);
    expect((await call(`${server.url}/v2/health/ready`, 'GET')).status).toBe(200);
    expect((await call(`${server.url}/v2`, 'GET')).body).toMatchObject({ name: 'ratchet' });
    expect((await call(`${server.url}/v2/models/quality`, 'GET')).body).toEqual({
      name: 'quality',
      versions: ['1'],
      platform: 'onnxruntime_onnx',
      inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, 3] }],
      outputs: [{ name: 'probability', datatype: 'FP32', shape: [-1, 1] }],
    });
    expect((await call(`${server.url}/v2/models/quality/versions/1/ready`, 'GET')).status).toBe(
      200,
    );
    expect((await call(`${server.url}/v2/repository/index`, 'POST')).body).toEqual([
      { name: 'quality', version: '1', state: 'READY' },
    ]);
  });

  test('answers one row and several with the model’s own numbers', async () => {
    const rows = [
      [1, 2, 3],
      [0, 0, 0],
      [-1, 4, 0.5],
    ];
    const answer = await infer({ id: 'order-7', ...features(...rows) });
    expect(answer.body).toMatchObject({
      id: 'order-7',
      model_name: 'quality',
      model_version: '1',
      outputs: [{ name: 'probability', datatype: 'FP32', shape: [3, 1] }],
    });
    expect(answer.headers.get('x-model-version')).toBe('1');
    scores(answer).forEach((score, index) =>
      expect(score).toBeCloseTo(sigmoid(logit(rows[index] ?? [])), 6),
    );
    expect(
      scores(await infer(features([1, 2, 3]), '/v2/models/quality/versions/1/infer'))[0],
    ).toBeCloseTo(sigmoid(logit([1, 2, 3])), 6);
  });

  test('reads and writes binary tensors', async () => {
    const header = Buffer.from(
      JSON.stringify({
        parameters: { binary_data_output: true },
        inputs: [
          {
            name: 'features',
            datatype: 'FP32',
            shape: [2, 3],
            parameters: { binary_data_size: 24 },
          },
        ],
      }),
    );
    const values = Buffer.from(Float32Array.of(1, 2, 3, 0, 0, 0).buffer);
    const response = await fetch(`${server.url}/v2/models/quality/infer`, {
      method: 'POST',
      headers: { 'Inference-Header-Content-Length': String(header.length) },
      body: Buffer.concat([header, values]),
    });
    expect(response.status).toBe(200);
    const length = Number(response.headers.get('inference-header-content-length'));
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(JSON.parse(bytes.toString('utf8', 0, length))).toMatchObject({
      outputs: [{ shape: [2, 1], parameters: { binary_data_size: 8 } }],
    });
    expect(bytes.readFloatLE(length)).toBeCloseTo(sigmoid(logit([1, 2, 3])), 6);
    expect(bytes.readFloatLE(length + 4)).toBeCloseTo(sigmoid(bias), 6);
  });

  const row = { name: 'features', datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] };

  test('reads an id of null as none', async () => {
    const answer = await infer({ id: null, inputs: [row] });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('id');
  });

  test.each(['GZIP', 'gzip', 'x-gzip', ' Gzip '])(
    'inflates a body of coding "%s"',
    async (coding) => {
      const body = gzipSync(JSON.stringify({ inputs: [row] }));
      const headers = { 'content-type': 'application/json', 'content-encoding': coding };
      const answer = await fetch(`${server.url}/v2/models/quality/infer`, {
        method: 'POST',
        headers,
        body,
      });
      expect(answer.status).toBe(200);
    },
  );

  test.each([
    ['not JSON', '{', 400, /not valid JSON/],
    ['an unknown field', { inputs: [row], model: 'x' }, 400, /"model" is not a field/],
    ['no inputs', {}, 400, /inputs must be an array/],
    ['a missing input', { inputs: [] }, 400, /features is missing/],
    ['an unknown input', { inputs: [{ ...row, name: 'x' }] }, 400, /takes features/],
    ['the same input twice', { inputs: [row, row] }, 400, /given twice/],
    ['a wrong datatype', { inputs: [{ ...row, datatype: 'FP64' }] }, 400, /must be "FP32"/],
    [
      'a wrong shape',
      { inputs: [{ ...row, shape: [1, 4] }] },
      400,
      /has shape \[1,4\]; dimension 1 must be 3/,
    ],
    [
      'an empty batch',
      { inputs: [{ ...row, shape: [0, 3], data: [] }] },
      400,
      /dimension 0 must be 1 or more/,
    ],
    ['too few elements', { inputs: [{ ...row, data: [1, 2] }] }, 400, /has 2 elements.*needs 3/],
    ['a text element', { inputs: [{ ...row, data: [1, 'a', 3] }] }, 400, /data\[1\] is "a"/],
    ['a null element', { inputs: [{ ...row, data: [1, null, 3] }] }, 400, /data\[1\] is null/],
    ['ragged rows', { inputs: [{ ...row, data: [[1, 2]] }] }, 400, /nested data has 2/],
    [
      'a number out of range',
      { inputs: [{ ...row, data: [1, 2, 11] }] },
      400,
      /features\[2\] is 11/,
    ],
    [
      'an infinite number',
      '{"inputs":[{"name":"features","datatype":"FP32","shape":[1,3],"data":[1,2,1e999]}]}',
      400,
      /must be finite/,
    ],
    ['an unknown output', { inputs: [row], outputs: [{ name: 'x' }] }, 400, /gives probability/],
    [
      'a binary size without the header',
      { inputs: [{ ...row, parameters: { binary_data_size: 12 } }] },
      400,
      /Inference-Header-Content-Length is missing/,
    ],
  ])('refuses %s with one sentence', async (_name, body, status, sentence) => {
    const answer = await infer(body);
    expect(answer.status).toBe(status);
    expect((answer.body as { error: string }).error).toMatch(sentence);
  });

  test('refuses unknown models, versions, paths and verbs in the protocol’s shape', async () => {
    const error = expect.any(String) as string;
    expect(await infer(features([1, 2, 3]), '/v2/models/nope/infer')).toMatchObject({
      status: 404,
      body: { error: "Request for unknown model: 'nope' is not found" },
    });
    expect(await infer(features([1, 2, 3]), '/v2/models/quality/versions/9/infer')).toMatchObject({
      status: 404,
      body: { error: "Request for unknown model: 'quality' version 9 is not found" },
    });
    expect(await call(`${server.url}/v2/models/nope/ready`, 'GET')).toMatchObject({ status: 400 });
    expect(await call(`${server.url}/nothing`, 'GET')).toMatchObject({
      status: 404,
      body: { error },
    });
    expect(await call(`${server.url}/v2/models/quality/infer`, 'GET')).toMatchObject({
      status: 405,
      body: { error },
    });
    expect(await call(`${server.url}/v2/models/quality`, 'DELETE')).toMatchObject({
      status: 405,
      body: { error },
    });
  });

  test('refuses a body above the limit before reading it', async () => {
    const answer = await infer(' '.repeat(300_000));
    expect(answer).toMatchObject({ status: 413 });
  });

  test('loads and unloads only for the admin token', async () => {
    const load = `${server.url}/v2/repository/models/quality/load`;
    const unload = `${server.url}/v2/repository/models/quality/unload`;
    expect((await call(load, 'POST', {})).status).toBe(401);
    expect(
      (await call(load, 'POST', {}, { Authorization: `Bearer ${'b'.repeat(40)}` })).status,
    ).toBe(403);
    const headers = { Authorization: `Bearer ${admin}` };
    expect((await call(unload, 'POST', {}, headers)).status).toBe(200);
    expect((await infer(features([1, 2, 3]))).status).toBe(404);
    expect((await call(load, 'POST', {}, headers)).status).toBe(200);
    expect(scores(await infer(features([1, 2, 3])))).toHaveLength(1);
    expect(await call(load.replace('quality', 'nope'), 'POST', {}, headers)).toMatchObject({
      status: 404,
    });
  });
});
