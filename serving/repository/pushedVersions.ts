// Versions pushed over HTTP, kept apart from the repository folder, which stays read-only. A version is first
// declared (digest, golden cases, signed manifest, who, why) and then sent as one raw file, which must have exactly that
// digest. It is stored under its digest, never under a name the caller chose.
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { refused } from '../protocol/errors';
import { signedManifestSchema, type SignedManifest } from './manifest';
import { goldenSchema, versionPattern, type VersionDeclaration } from './modelConfig';

/** Larger uploads are refused before they are read to their end. */
export const maxPushBytes = 64 * 1024 * 1024;

export const pushDeclarationSchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'),
  golden: z.array(goldenSchema).max(256).optional(),
  manifest: signedManifestSchema.optional(),
  by: z.string().min(1).max(100),
  reason: z.string().min(1).max(500),
});
export type PushDeclaration = z.infer<typeof pushDeclarationSchema>;

export class PushedVersions {
  readonly #folder: string;
  readonly #quotaBytes: number;
  /** Bytes that uploads under way may still bring. */
  #coming = 0;

  /** @param folder created when the first version is declared. @param quotaBytes of everything in it. */
  constructor(folder: string, quotaBytes: number) {
    this.#folder = folder;
    this.#quotaBytes = quotaBytes;
  }

  /** Stores the declaration of a version. @throws Refused STATE_CONFLICT when it exists. */
  async declare(model: string, version: string, declaration: PushDeclaration): Promise<void> {
    const known = await this.#declaration(model, version);
    if (known !== undefined && (await this.#has(known)) && known.sha256 !== declaration.sha256) {
      throw immutable(model, version, known.sha256);
    }
    await this.#write(model, version, declaration);
  }

  /** Puts a manifest to the version it names, which was pushed without one or signed by somebody else. */
  async keepManifest(manifest: SignedManifest): Promise<void> {
    const { name, version } = manifest;
    const declaration = await this.#declaration(name, version);
    if (declaration === undefined) throw undeclared(name, version);
    await this.#write(name, version, { ...declaration, manifest });
  }

  async #write(model: string, version: string, declaration: PushDeclaration): Promise<void> {
    const path = this.#declarationPath(model, version);
    const text = JSON.stringify(declaration);
    await this.#requireRoom(Buffer.byteLength(text));
    await mkdir(join(this.#folder, model), { recursive: true });
    const aside = `${path}.${randomUUID()}`;
    await writeFile(aside, text, { flag: 'wx' });
    await rename(aside, path);
  }

  /** Receives the file. @throws Refused when it is not declared, too large or not as declared. */
  async receive(
    model: string,
    version: string,
    upload: { readonly body: Readable; readonly contentLength: string | undefined },
  ): Promise<void> {
    const declaration = await this.#declaration(model, version);
    if (declaration === undefined) throw undeclared(model, version);
    const length = checkedLength(upload.contentLength);
    await this.#requireRoom(length);
    const aside = join(this.#folder, `.${randomUUID()}`);
    this.#coming += length;
    try {
      const digest = await store(upload.body, aside, length);
      if (digest !== declaration.sha256) {
        const sentence = `The file has sha256 ${digest}, ${declaration.sha256} was declared.`;
        throw refused('INPUT_INVALID', sentence);
      }
      await rename(aside, this.#filePath(declaration.sha256));
    } finally {
      this.#coming -= length;
      await rm(aside, { force: true });
    }
  }

  /** Removes a version that turned out not to be servable, and its file where no other version has the same. */
  async withdraw(model: string, version: string): Promise<void> {
    const declaration = await this.#declaration(model, version);
    await rm(this.#declarationPath(model, version), { force: true });
    if (declaration === undefined || (await this.#isDeclared(declaration.sha256))) return;
    await rm(this.#filePath(declaration.sha256), { force: true });
  }

  /** Every version of a model that is declared and there. */
  async versions(model: string): Promise<ReadonlyMap<string, VersionDeclaration>> {
    const names = await readdir(join(this.#folder, model)).catch(() => []);
    const found = new Map<string, VersionDeclaration>();
    for (const name of names) {
      const version = /^([0-9]+)\.json$/.exec(name)?.[1] ?? '';
      const declaration = await this.#declaration(model, version);
      if (declaration !== undefined && (await this.#has(declaration))) {
        found.set(version, { ...declaration, pushed: true });
      }
    }
    return found;
  }

  /** Where the bytes with this digest lie. */
  pathOf(sha256: string): string {
    return this.#filePath(sha256);
  }

  /** @throws Refused STATE_CONFLICT when the folder would hold more than it may. */
  async #requireRoom(bytes: number): Promise<void> {
    const sizes = await Promise.all((await this.#files()).map((path) => sizeOf(path)));
    const used = sizes.reduce((sum, size) => sum + size, this.#coming);
    if (used + bytes <= this.#quotaBytes) return;
    const [taken, quota] = [used, this.#quotaBytes].map((each) => Math.ceil(each / 2 ** 20));
    throw refused(
      'STATE_CONFLICT',
      `Pushed versions take ${taken ?? 0} of ${quota ?? 0} MiB; remove what is not needed from the state folder first.`,
    );
  }

  async #files(): Promise<readonly string[]> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  }

  async #isDeclared(sha256: string): Promise<boolean> {
    const declared = (await this.#files()).filter((path) => path.endsWith('.json'));
    const texts = await Promise.all(declared.map((path) => readFile(path, 'utf8').catch(() => '')));
    return texts.some((text) => text.includes(sha256));
  }

  async #declaration(model: string, version: string): Promise<PushDeclaration | undefined> {
    if (!versionPattern.test(version)) return undefined;
    const text = await readFile(this.#declarationPath(model, version), 'utf8').catch(
      () => undefined,
    );
    return text === undefined ? undefined : pushDeclarationSchema.parse(JSON.parse(text));
  }

  async #has({ sha256 }: PushDeclaration): Promise<boolean> {
    return open(this.#filePath(sha256), 'r').then(
      (file) => file.close().then(() => true),
      () => false,
    );
  }

  #declarationPath(model: string, version: string): string {
    return join(this.#folder, model, `${version}.json`);
  }

  #filePath(sha256: string): string {
    return join(this.#folder, `${sha256}.onnx`);
  }
}

/** 0 for a file that has gone meanwhile. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

const undeclared = (model: string, version: string): Error =>
  refused('STATE_CONFLICT', `Version ${version} of ${model} has not been declared.`);

/** The sentence for a version that exists with other bytes. */
export const immutable = (model: string, version: string, sha256: string): Error =>
  refused(
    'STATE_CONFLICT',
    `Version ${version} of ${model} exists with sha256 ${sha256}; versions never change.`,
  );

function checkedLength(contentLength: string | undefined): number {
  if (contentLength === undefined || !/^[1-9][0-9]{0,9}$/.test(contentLength)) {
    throw refused('INPUT_INVALID', 'An upload needs a Content-Length of at least 1.');
  }
  const length = Number(contentLength);
  if (length <= maxPushBytes) return length;
  throw refused(
    'BODY_TOO_LARGE',
    `The file has ${length} bytes, at most ${maxPushBytes} are taken.`,
  );
}

/** Writes the stream to a new file and returns its SHA-256. */
async function store(body: Readable, path: string, length: number): Promise<string> {
  const hash = createHash('sha256');
  let received = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      hash.update(chunk);
      done(received > length ? new Error('more than declared') : null, chunk);
    },
  });
  await pipeline(
    body,
    meter,
    createWriteStream(path, { flags: 'wx', mode: 0o440, flush: true }),
  ).catch(() => {
    throw refused('REQUEST_MALFORMED', `The upload ended after ${received} of ${length} bytes.`);
  });
  if (received !== length) {
    throw refused('REQUEST_MALFORMED', `The upload has ${received} bytes, not ${length}.`);
  }
  return hash.digest('hex');
}
