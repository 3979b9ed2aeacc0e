// A model repository in a temporary folder, filled by the tests: one call adds a model or a version and
// writes its config with the right digest.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signManifest, type SignedManifest } from '../../../serving/repository/manifest';

export type ConfigFields = Readonly<Record<string, unknown>>;

/** The contract of `logisticModel` with this many features. */
export const logisticConfig = (features: number): ConfigFields => ({
  inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, features], min: -10, max: 10 }],
  outputs: [{ name: 'probability', datatype: 'FP32', shape: [-1, 1], min: 0, max: 1 }],
});

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The manifest of a version, by the key that servers of `served` trust. */
export const manifestOf = (name: string, version: string, bytes: Uint8Array): SignedManifest =>
  signManifest({ name, version, sha256: digestOf(bytes) }, privateKey, new Date());

export class ModelFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'ratchet-models-'));
  /** What a model server of this folder is started with. */
  readonly served = { models: this.path, trusted: [publicPem] };
  /** The same key for a server in a process of its own. */
  readonly trustFile = join(this.path, 'trusted.pem');
  readonly #versions = new Map<string, Record<string, { sha256: string }>>();

  constructor() {
    writeFileSync(this.trustFile, publicPem);
  }

  /** Writes version `version` of `name`, signed, and its config; earlier versions stay declared. */
  add(name: string, version: string, bytes: Uint8Array, config: ConfigFields): void {
    const folder = join(this.path, name, version);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'model.onnx'), bytes);
    const versions = this.#versions.get(name) ?? {};
    const manifest = JSON.stringify(manifestOf(name, version, bytes));
    writeFileSync(join(folder, 'manifest.json'), manifest);
    versions[version] = { sha256: digestOf(bytes) };
    this.#versions.set(name, versions);
    this.writeConfig(name, { name, platform: 'onnxruntime_onnx', versions, ...config });
  }

  /** Writes a config as given, right or wrong. */
  writeConfig(name: string, config: unknown): void {
    mkdirSync(join(this.path, name), { recursive: true });
    const text = typeof config === 'string' ? config : JSON.stringify(config);
    writeFileSync(join(this.path, name, 'config.json'), text);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
