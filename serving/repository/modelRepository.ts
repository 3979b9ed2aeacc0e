// A model repository on disk in Triton's layout: `<name>/config.json`, `<name>/<version>/model.onnx`.
// Versions are immutable: the bytes handed out have the SHA-256 the config declares, which is checked at
// every load. The scorer gets these bytes and never the path, so nothing can change in between.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refused } from '../protocol/errors';
import { modelNamePattern, parseModelConfig, type ModelConfig } from './modelConfig';
import { openModelFile, type ModelFile } from './modelFile';
import { immutable, type PushedVersions, type PushDeclaration } from './pushedVersions';

export class ModelRepository {
  readonly folder: string;
  readonly #pushed: PushedVersions | undefined;

  /** @param pushed where versions sent over HTTP are kept; without it none are taken. */
  constructor(folder: string, pushed?: PushedVersions) {
    this.folder = folder;
    this.#pushed = pushed;
  }

  /** Names of the folders that may be models, sorted. @throws Refused when unreadable. */
  async names(): Promise<readonly string[]> {
    return (await this.#folders()).filter((name) => modelNamePattern.test(name));
  }

  /** Folders whose name no model can have, each with the reason. @throws Refused when unreadable. */
  async misnamed(): Promise<ReadonlyMap<string, string>> {
    const why = `The folder's name must be 1 to 64 of a-z, 0-9, dot, hyphen and underscore, and begin with a letter or digit.`;
    const folders = (await this.#folders()).filter((name) => !modelNamePattern.test(name));
    return new Map(folders.map((name) => [name, why]));
  }

  /** What begins with a dot belongs to tools. */
  async #folders(): Promise<readonly string[]> {
    const entries = await readdir(this.folder, { withFileTypes: true }).catch(() => {
      throw refused('MODEL_REFUSED', `The model folder ${this.folder} can not be read.`);
    });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  }

  /** @throws Refused MODEL_UNKNOWN when there is no such model, MODEL_REFUSED when its config is wrong. */
  async config(name: string): Promise<ModelConfig> {
    if (!modelNamePattern.test(name)) throw unknownModel(name);
    const text = await readFile(join(this.folder, name, 'config.json'), 'utf8').catch(() => {
      throw unknownModel(name);
    });
    const config = parseModelConfig(text, name);
    const pushed = (await this.#pushed?.versions(name)) ?? new Map();
    return { ...config, versions: new Map([...pushed, ...config.versions]) };
  }

  /** Declares a version to be sent. @throws Refused STATE_CONFLICT when it exists with other bytes. */
  async declarePush(name: string, version: string, declaration: PushDeclaration): Promise<void> {
    const known = (await this.config(name)).versions.get(version);
    if (known !== undefined && known.sha256 !== declaration.sha256) {
      throw immutable(name, version, known.sha256);
    }
    if (known === undefined) await this.#pushes().declare(name, version, declaration);
  }

  /** Takes the file of a declared version. @throws Refused when it is not as declared. */
  async receivePush(
    name: string,
    version: string,
    upload: Parameters<PushedVersions['receive']>[2],
  ): Promise<void> {
    await this.config(name);
    await this.#pushes().receive(name, version, upload);
  }

  async withdrawPush(name: string, version: string): Promise<void> {
    await this.#pushes().withdraw(name, version);
  }

  #pushes(): PushedVersions {
    if (this.#pushed !== undefined) return this.#pushed;
    throw refused('STATE_CONFLICT', 'This server has no state folder, so it takes no versions.');
  }

  /** The file of one version. @throws Refused when absent, too large or, once read, not as declared. */
  async modelFile(config: ModelConfig, version: string): Promise<ModelFile> {
    const declared = config.versions.get(version);
    if (declared === undefined) throw unknownVersion(config.name, version);
    const path =
      declared.pushed === true
        ? this.#pushes().pathOf(declared.sha256)
        : join(this.folder, config.name, version, 'model.onnx');
    return openModelFile(path, declared.sha256, `${config.name}/${version}`);
  }
}

const unknownModel = (name: string): Error =>
  refused('MODEL_UNKNOWN', `Request for unknown model: '${name.slice(0, 80)}' is not found`);

/** The protocol's sentence for a version that does not exist. */
export const unknownVersion = (name: string, version: string): Error =>
  refused(
    'MODEL_UNKNOWN',
    `Request for unknown model: '${name}' version ${version.slice(0, 20)} is not found`,
  );
