// A model repository in a temporary folder, filled by the tests: one call adds a model or a version and
// writes its config with the right digest.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type ConfigFields = Readonly<Record<string, unknown>>;

/** The contract of `logisticModel` with this many features. */
export const logisticConfig = (features: number): ConfigFields => ({
  inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, features], min: -10, max: 10 }],
  outputs: [{ name: 'probability', datatype: 'FP32', shape: [-1, 1], min: 0, max: 1 }],
});

export class ModelFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'ratchet-models-'));
  readonly #versions = new Map<string, Record<string, { sha256: string }>>();

  /** Writes version `version` of `name` and its config; earlier versions stay declared. */
  add(name: string, version: string, bytes: Uint8Array, config: ConfigFields): void {
    const folder = join(this.path, name, version);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'model.onnx'), bytes);
    const versions = this.#versions.get(name) ?? {};
    versions[version] = { sha256: createHash('sha256').update(bytes).digest('hex') };
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
