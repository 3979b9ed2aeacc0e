// The key with which this installation answers for model files that are brought in here. The private half signs and
// is readable by its owner only; the public half beside it is what a model server trusts.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fatal } from '../domain/errors';
import { stateHome } from './accountFolder';
import { replacePrivateFile } from './privateFiles';
import { readPrivateFile } from './secrets';

const privateFile = (): string => join(stateHome(), 'model-signing-key.pem');
const publicFile = (): string => join(stateHome(), 'model-signing-key.pub.pem');

/** An Ed25519 private key from a private PEM file. @param named what names the file, for messages. */
export function readSigningKey(named: string, file: string): KeyObject {
  const text = readPrivateFile(named, file);
  const key = read(() => createPrivateKey(text));
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new Fatal({
    code: 'ENVIRONMENT',
    message: `${named} must name an Ed25519 private key in PEM form, ${file} holds none`,
  });
}

/** An Ed25519 public key from a PEM file, as PEM. @param named what names the file, for messages. */
export function readPublicKey(named: string, file: string): string {
  const key = read(() => createPublicKey(readFileSync(file, 'utf8')));
  if (key?.asymmetricKeyType === 'ed25519') return pemOf(key);
  throw new Fatal({
    code: 'ENVIRONMENT',
    message: `${named} must name an Ed25519 public key in PEM form, ${file} holds none`,
  });
}

function read(key: () => KeyObject): KeyObject | undefined {
  try {
    return key();
  } catch {
    return undefined;
  }
}

const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

/** The installation's own key, made where there is none. */
export function ensureSigningKey(): KeyObject {
  if (!existsSync(privateFile())) {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    replacePrivateFile(privateFile(), pem);
  }
  const key = readSigningKey(privateFile(), privateFile());
  replacePrivateFile(publicFile(), pemOf(createPublicKey(key)));
  return key;
}

/** The public half as PEM; none where no key was made yet. */
export const ownPublicKey = (): readonly string[] =>
  existsSync(publicFile()) ? [readPublicKey(publicFile(), publicFile())] : [];
