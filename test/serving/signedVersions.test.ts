// Goal: a version is served only when a trusted key has signed for exactly its file. Whatever else is found is refused
// by name, and what served before goes on. What Ratchet ships is signed by the project.
// Method: a real server with signed versions beside it; then manifests that are missing, foreign, changed or another
// version's; the signing command on folders and on versions that were pushed before there were signatures.
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { troublesOf } from '../../domain/rollout/troubles';
import { createRolloutActivities } from '../../activities/models/rollouts';
import { checkout } from '../../infra/checkout';
import { startModelServer, type ModelServer } from '../../serving/index';
import { shippedModels } from '../../serving/repository/checkoutRoot';
import { signManifest, trustedKeys, type SignedManifest } from '../../serving/repository/manifest';
import { ModelRepository } from '../../serving/repository/modelRepository';
import { projectKeys } from '../../serving/repository/projectKeys';
import { call, features, scores, sigmoid } from './support/calls';
import { logisticConfig, manifestOf, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

const admin = 'a'.repeat(40);
const headers = { Authorization: `Bearer ${admin}` };
const first = logisticModel([1, 2], 0);
const second = logisticModel([5, 5], 0);
const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const foreign = generateKeyPairSync('ed25519').privateKey;
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

let folder: ModelFolder;
let state: string;
let server: ModelServer | undefined;
beforeEach(() => {
  folder = new ModelFolder();
  state = mkdtempSync(join(tmpdir(), 'ratchet-signed-'));
  folder.add('quality', '1', first, logisticConfig(2));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  folder.remove();
  rmSync(state, { recursive: true });
});

const start = async (): Promise<ModelServer> =>
  (server = await startModelServer({ ...folder.served, state, tokens: { admin } }));
const manifestFile = (version: string): string =>
  join(folder.path, 'quality', version, 'manifest.json');
const writeManifest = (version: string, manifest: SignedManifest): void =>
  writeFileSync(manifestFile(version), JSON.stringify(manifest));

const signedBy = (key: KeyObject): SignedManifest =>
  signManifest({ name: 'quality', version: '2', sha256: digestOf(second) }, key, new Date());

test.each<[string, () => void, RegExp]>([
  [
    'has no manifest',
    () => rmSync(manifestFile('2')),
    /^Model quality\/2 has no signed manifest; if you trust its file, run `ratchet models sign`\.$/,
  ],
  [
    'is signed by a stranger',
    () => writeManifest('2', signedBy(foreign)),
    /^Model quality\/2 is signed by the key [0-9a-f]{16}, which is not trusted\.$/,
  ],
  [
    'names a trusted key that has not signed',
    () => writeManifest('2', { ...signedBy(foreign), key: manifestOf('quality', '2', second).key }),
    /^Model quality\/2 has a manifest whose signature is not by the key [0-9a-f]{16} it names\.$/,
  ],
  [
    'has a later date put into its manifest',
    () =>
      writeManifest('2', {
        ...manifestOf('quality', '2', second),
        created: '2030-01-01T00:00:00.000Z',
      }),
    /signature is not by the key/,
  ],
  [
    'bears the manifest of another version',
    () => writeManifest('2', manifestOf('quality', '1', first)),
    /^Model quality\/2 has the manifest of quality\/1\.$/,
  ],
  [
    'has another file than was signed, declared as if it were right',
    () => {
      const other = logisticModel([9, 9], 9);
      const before = readFileSync(manifestFile('2'));
      folder.add('quality', '2', other, logisticConfig(2));
      writeFileSync(manifestFile('2'), before);
    },
    /^Model quality\/2 declares model\.onnx with sha256 [0-9a-f]{64}, its manifest says [0-9a-f]{64}\.$/,
  ],
  [
    'has another file than is declared and signed',
    () => writeFileSync(join(folder.path, 'quality', '2', 'model.onnx'), first),
    /^Model quality\/2: its model\.onnx has sha256 [0-9a-f]{64}, [0-9a-f]{64} is declared and signed\.$/,
  ],
  [
    'has a manifest with a field too many',
    () =>
      writeFileSync(
        manifestFile('2'),
        JSON.stringify({ ...manifestOf('quality', '2', second), by: 'me' }),
      ),
    /^Model quality\/2: its manifest\.json is not a manifest\.$/,
  ],
])('a version that %s is refused, and the one before goes on', async (_what, change, sentence) => {
  const { url, registry } = await start();
  folder.add('quality', '2', second, logisticConfig(2));
  change();
  await expect(registry.load('quality', '2')).rejects.toThrow(sentence);
  expect(registry.model('quality').stable).toBe('1');
  const answer = await call(`${url}/v2/models/quality/infer`, 'POST', features([1, 1]));
  expect(scores(answer)[0]).toBeCloseTo(sigmoid(3), 6);
  expect(await registry.index()).toContainEqual({
    name: 'quality',
    version: '2',
    state: 'UNAVAILABLE',
    reason: expect.stringMatching(sentence) as string,
  });
  const [model] = await createRolloutActivities({ url, adminToken: undefined }).observeModels();
  expect(troublesOf([], model === undefined ? [] : [model])).toEqual([
    {
      type: 'model.version_refused',
      model: 'quality',
      version: '2',
      why: expect.stringMatching(sentence) as string,
    },
  ]);
});

test('a model whose only version is not signed is told too, though it never served', async () => {
  rmSync(manifestFile('1'));
  const { url } = await start();
  const models = await createRolloutActivities({ url, adminToken: undefined }).observeModels();
  expect(troublesOf([], models)).toMatchObject([
    { type: 'model.version_refused', model: 'quality', version: '1' },
  ]);
});

test('a push that nobody trusted has signed is refused before its file is sent', async () => {
  const { url } = await start();
  const path = `${url}/v2/admin/models/quality/versions/2`;
  const declaration = { sha256: digestOf(second), by: 'tester', reason: 'a test' };
  for (const more of [{}, { manifest: signedBy(foreign) }]) {
    const answer = await call(path, 'POST', { ...declaration, ...more }, headers);
    expect(answer).toMatchObject({ status: 422, body: { code: 'MODEL_REFUSED' } });
  }
  expect(await call(`${path}/file`, 'POST', second, headers)).toMatchObject({ status: 409 });
});

/** `ratchet models sign` with the test's own installation. */
function sign(...args: readonly string[]): { code: number | null; said: string } {
  const command = ['-r', './infra/sourceHook.cjs', 'cli/main.ts', 'models', 'sign', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: checkout,
    encoding: 'utf8',
    env: { ...process.env, RATCHET_HOME: state },
  });
  return { code: status, said: stdout + stderr };
}
const ownKey = (): string => join(state, 'model-signing-key.pem');
const trustingOurs = async (): Promise<ModelServer> =>
  (server = await startModelServer({
    models: folder.path,
    state,
    trusted: [readFileSync(join(state, 'model-signing-key.pub.pem'), 'utf8')],
    tokens: { admin },
  }));

test('the command signs what is not signed yet, with a private key made on this machine', async () => {
  folder.add('quality', '2', second, logisticConfig(2));
  rmSync(manifestFile('2'));
  expect(sign('--models', folder.path)).toMatchObject({
    code: 0,
    said: expect.stringMatching(/^quality 1 is signed by .*\nquality 2 is signed by /) as string,
  });
  expect(statSync(ownKey()).mode & 0o777).toBe(0o600);
  expect(sign('--models', folder.path).said).toBe('every version is signed already\n');
  const { registry } = await trustingOurs();
  expect(registry.model('quality').stable).toBe('2');
});

test('it signs nothing whose file is not as declared', () => {
  writeFileSync(join(folder.path, 'quality', '1', 'model.onnx'), second);
  const { code, said } = sign('--models', folder.path);
  expect(code).not.toBe(0);
  expect(said).toContain('Model quality/1: its model.onnx has sha256');
});

test('with --key a maintainer signs anew; a key that others can read is refused', () => {
  const key = join(state, 'maintainer.pem');
  writeFileSync(key, pemOf(foreign), { mode: 0o644 });
  expect(sign('--models', folder.path, '--key', key).said).toContain(
    '--key must be readable by its owner only',
  );
  rmSync(key);
  writeFileSync(key, pemOf(foreign), { mode: 0o600 });
  expect(sign('--models', folder.path, '--key', key).said).toContain('quality 1 is signed by');
  const { key: signer } = JSON.parse(readFileSync(manifestFile('1'), 'utf8')) as SignedManifest;
  expect(signer).toBe(signedBy(foreign).key);
});

test('what is pushed from here is signed with the key of this installation, which its server trusts', async () => {
  sign('--models', folder.path);
  const token = { RATCHET_HOME: state, RATCHET_SERVING_ADMIN_TOKEN: admin };
  const node = ['-r', './infra/sourceHook.cjs'];
  const args = ['serving/main.ts', '--models', folder.path, '--state', join(state, 'serving')];
  const child = spawn(process.execPath, [...node, ...args], {
    cwd: checkout,
    env: { ...process.env, ...token },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { url } = JSON.parse(line.toString()) as { url: string };
    const file = join(state, 'second.onnx');
    writeFileSync(file, second);
    const push = ['models', 'push', 'quality', '2', file, '--reason', 'a test', '--server', url];
    const pushing = spawn(process.execPath, [...node, 'cli/main.ts', ...push], {
      cwd: checkout,
      env: { ...process.env, ...token },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(await text(pushing.stdout)).toBe(`quality 2 is proven: sha256 ${digestOf(second)}\n`);
    const infer = await call(`${url}/v2/models/quality/versions/2/infer`, 'POST', features([1, 1]));
    expect(scores(infer)[0]).toBeCloseTo(sigmoid(10), 6);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});

test('what was pushed before there were signatures is refused until it is signed', async () => {
  const { url } = await start();
  const path = `${url}/v2/admin/models/quality/versions/2`;
  const old = { sha256: digestOf(second), by: 'tester', reason: 'a test' };
  const declaration = { ...old, manifest: manifestOf('quality', '2', second) };
  expect((await call(path, 'POST', declaration, headers)).status).toBe(200);
  expect((await call(`${path}/file`, 'POST', second, headers)).status).toBe(200);
  await server?.close();
  writeFileSync(join(state, 'pushed', 'quality', '2.json'), JSON.stringify(old));
  sign('--models', folder.path);
  const before = await trustingOurs();
  await expect(before.registry.demand('quality', '2')).rejects.toThrow(/has no signed manifest/);
  await before.close();
  expect(sign('--models', folder.path, '--state', state).said).toMatch(/^quality 2 is signed by/);
  const after = await trustingOurs();
  expect((await after.registry.demand('quality', '2')).state).toBe('READY');
});

test('every shipped version is signed by the project', async () => {
  const repository = new ModelRepository(shippedModels(), trustedKeys(projectKeys));
  const names = await repository.names();
  expect(names).toEqual(['sentiment', 'signal-quality']);
  for (const name of names) {
    const config = await repository.config(name);
    for (const version of config.versions.keys())
      expect([name, version, await repository.isSigned(config, version)]).toEqual([
        name,
        version,
        true,
      ]);
  }
});

test('a shipped version with one byte changed is refused', async () => {
  const copy = join(state, 'models');
  cpSync(join(shippedModels(), 'signal-quality'), join(copy, 'signal-quality'), {
    recursive: true,
  });
  const file = join(copy, 'signal-quality', '2', 'model.onnx');
  const bytes = readFileSync(file);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(file, bytes);
  server = await startModelServer({ models: copy });
  expect(await server.registry.index()).toMatchObject([
    { name: 'signal-quality', version: '2', reason: expect.stringMatching(/signed\.$/) as string },
  ]);
});
