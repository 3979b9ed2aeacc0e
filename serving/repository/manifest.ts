// Who answers for a version's file. A manifest names the version and the SHA-256 of its file and is signed with
// Ed25519; the server serves a version only when one of the keys it trusts has signed. config.json is not signed: it
// says how strictly a version is held to its contract, and no word in it puts another file in the version's place.
import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { refused } from '../protocol/errors';

export const modelFileName = 'model.onnx';
export const manifestFileName = 'manifest.json';

const signedManifestSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  format: z.literal('onnx'),
  /** When it was signed. */
  created: z.iso.datetime(),
  /** SHA-256 of every file of the version. */
  files: z.strictObject({ [modelFileName]: z.string().regex(/^[0-9a-f]{64}$/) }),
  /** The key that signed, by its fingerprint. */
  key: z.string().regex(/^[0-9a-f]{16}$/),
  signature: z.base64(),
});

export type SignedManifest = z.infer<typeof signedManifestSchema>;
export { signedManifestSchema };

/** The version a manifest is about, and its file. */
export interface VersionFile {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/** The keys whose signatures count, by fingerprint. */
export type TrustedKeys = ReadonlyMap<string, KeyObject>;

/** The first half of the public key's SHA-256, in hexadecimal. */
export function fingerprintOf(key: KeyObject): string {
  const isPublic = key.type === 'public';
  const bytes = (isPublic ? key : createPublicKey(key)).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

/** @param keys public keys as PEM. */
export const trustedKeys = (keys: readonly string[]): TrustedKeys =>
  new Map(keys.map(createPublicKey).map((key) => [fingerprintOf(key), key]));

/** The bytes that are signed: every field, in this order, whatever the form of the file. */
function signedBytes({ name, version, format, created, files }: Unsigned): Buffer {
  const fields = { name, version, format, created, files };
  return Buffer.from(`ratchet model manifest 1\n${JSON.stringify(fields)}`);
}

type Unsigned = Omit<SignedManifest, 'key' | 'signature'>;

/** @param key an Ed25519 private key. @param created the instant of signing. */
export function signManifest(file: VersionFile, key: KeyObject, created: Date): SignedManifest {
  const { name, version, sha256 } = file;
  const unsigned: Unsigned = {
    ...{ name, version, format: 'onnx', created: created.toISOString() },
    files: { [modelFileName]: sha256 },
  };
  const signature = sign(null, signedBytes(unsigned), key).toString('base64');
  return { ...unsigned, key: fingerprintOf(key), signature };
}

/** A manifest from its JSON. @throws Refused MODEL_REFUSED naming the version and the first wrong field. */
export function parseManifest(json: unknown, label: string): SignedManifest {
  const { data, error } = signedManifestSchema.safeParse(json);
  if (data !== undefined) return data;
  const field = error.issues[0]?.path.join('.') ?? '';
  const where = field === '' ? 'is not a manifest' : `has a wrong field ${field}`;
  throw refused('MODEL_REFUSED', `Model ${label}: its ${manifestFileName} ${where}.`);
}

/**
 * @param manifest undefined where the version has none.
 * @throws Refused MODEL_REFUSED unless a trusted key has signed for exactly this version with this file.
 */
export function checkManifest(
  manifest: SignedManifest | undefined,
  { name, version, sha256 }: VersionFile,
  trusted: TrustedKeys,
): void {
  const refuse = (sentence: string): never => {
    throw refused('MODEL_REFUSED', `Model ${name}/${version} ${sentence}.`);
  };
  if (manifest === undefined) {
    return refuse('has no signed manifest; if you trust its file, run `ratchet models sign`');
  }
  const key = trusted.get(manifest.key);
  if (key === undefined)
    return refuse(`is signed by the key ${manifest.key}, which is not trusted`);
  if (!verify(null, signedBytes(manifest), key, Buffer.from(manifest.signature, 'base64')))
    return refuse(`has a manifest whose signature is not by the key ${manifest.key} it names`);
  if (manifest.name !== name || manifest.version !== version)
    return refuse(`has the manifest of ${manifest.name}/${manifest.version}`);
  const signed = manifest.files[modelFileName];
  if (signed !== sha256)
    return refuse(`declares ${modelFileName} with sha256 ${sha256}, its manifest says ${signed}`);
}
