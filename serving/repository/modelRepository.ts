// A model repository on disk in Triton's layout: `<name>/config.json`, `<name>/<version>/model.onnx`, and beside
// that `manifest.json`, by which somebody trusted answers for the file. Versions are immutable: the bytes handed out
// have the SHA-256 that is declared and signed, which is checked at every load. The scorer gets these bytes and never
// the path, so nothing can change in between.
import type { KeyObject } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parsedJson } from '../../domain/json';
import { refused } from '../protocol/errors';
import {
  checkManifest,
  manifestFileName,
  modelFileName,
  parseManifest,
  signManifest,
  type SignedManifest,
  type TrustedKeys,
  type VersionFile,
} from './manifest';
import {
  modelNamePattern,
  parseModelConfig,
  type ModelConfig,
  type VersionDeclaration,
} from './modelConfig';
import { openModelFile, type ModelFile } from './modelFile';
import { immutable, type PushedVersions, type PushDeclaration } from './pushedVersions';

interface Listing {
  readonly names: readonly string[];
  readonly misnamed: readonly string[];
}

export const misnamedWhy = `The folder's name must be 1 to 64 of a-z, 0-9, dot, hyphen and underscore, and begin with a letter or digit.`;

export class ModelRepository {
  readonly folder: string;
  readonly #trusted: TrustedKeys;
  readonly #pushed: PushedVersions | undefined;

  /** @param pushed where versions sent over HTTP are kept; without it none are taken. */
  constructor(folder: string, trusted: TrustedKeys, pushed?: PushedVersions) {
    this.folder = folder;
    this.#trusted = trusted;
    this.#pushed = pushed;
  }

  /** Names of the folders that may be models, sorted. @throws Refused when unreadable. */
  async names(): Promise<readonly string[]> {
    return (await this.listing()).names;
  }

  /** The names, and the folders whose name no model can have. @throws Refused when unreadable. */
  async listing(): Promise<Listing> {
    const folders = await this.#folders();
    const names = folders.filter((name) => modelNamePattern.test(name));
    return { names, misnamed: folders.filter((name) => !modelNamePattern.test(name)) };
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

  /**
   * Declares a version to be sent.
   * @throws Refused STATE_CONFLICT when it exists with other bytes, MODEL_REFUSED when nobody trusted has signed.
   */
  async declarePush(name: string, version: string, declaration: PushDeclaration): Promise<void> {
    const known = (await this.config(name)).versions.get(version);
    if (known !== undefined && known.sha256 !== declaration.sha256) {
      throw immutable(name, version, known.sha256);
    }
    const { manifest, sha256 } = declaration;
    checkManifest(manifest, { name, version, sha256 }, this.#trusted);
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

  /**
   * The file of one version.
   * @throws Refused when absent, too large, not signed by a trusted key or, once read, not as declared.
   */
  async modelFile(config: ModelConfig, version: string): Promise<ModelFile> {
    const place = this.#placeOf(config, version);
    await this.#checkSigned(place);
    return openModelFile(place.path, place.file.sha256, place.label);
  }

  /** Has somebody trusted signed for this version, as it is declared now? @throws Refused when unknown. */
  async isSigned(config: ModelConfig, version: string): Promise<boolean> {
    return this.#checkSigned(this.#placeOf(config, version)).then(
      () => true,
      () => false,
    );
  }

  /** Signs a version, and keeps its manifest. @throws Refused when its file is not as declared. */
  async sign(
    config: ModelConfig,
    version: string,
    { key, at }: { readonly key: KeyObject; readonly at: Date },
  ): Promise<SignedManifest> {
    const { file, path, label, declared } = this.#placeOf(config, version);
    await readWhole(await openModelFile(path, file.sha256, label));
    const manifest = signManifest(file, key, at);
    if (declared.pushed === true) await this.#pushes().keepManifest(manifest);
    else {
      const text = `${JSON.stringify(manifest, null, 2)}\n`;
      await writeFile(join(dirname(path), manifestFileName), text);
    }
    return manifest;
  }

  #placeOf(config: ModelConfig, version: string): Place {
    const declared = config.versions.get(version);
    if (declared === undefined) throw unknownVersion(config.name, version);
    const { name } = config;
    const { sha256, pushed } = declared;
    const path =
      pushed === true
        ? this.#pushes().pathOf(sha256)
        : join(this.folder, name, version, modelFileName);
    return { declared, path, file: { name, version, sha256 }, label: `${name}/${version}` };
  }

  async #checkSigned({ declared, path, file, label }: Place): Promise<void> {
    const manifest =
      declared.pushed === true
        ? declared.manifest
        : await readManifest(join(dirname(path), manifestFileName), label);
    checkManifest(manifest, file, this.#trusted);
  }
}

/** One version and where its file lies. */
interface Place {
  readonly declared: VersionDeclaration;
  readonly path: string;
  readonly file: VersionFile;
  /** As messages name it. */
  readonly label: string;
}

async function readManifest(file: string, label: string): Promise<SignedManifest | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseManifest(parsedJson(text), label);
}

/** @throws Refused when the bytes are not as declared. */
async function readWhole({ pieces }: ModelFile): Promise<void> {
  const reading = pieces()[Symbol.asyncIterator]();
  while ((await reading.next()).done !== true);
}

const unknownModel = (name: string): Error =>
  refused('MODEL_UNKNOWN', `Request for unknown model: '${name.slice(0, 80)}' is not found`);

/** The protocol's sentence for a version that does not exist. */
export const unknownVersion = (name: string, version: string): Error =>
  refused(
    'MODEL_UNKNOWN',
    `Request for unknown model: '${name}' version ${version.slice(0, 20)} is not found`,
  );
