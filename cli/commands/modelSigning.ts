// `ratchet models sign`: says of model files in a folder that they are trusted here. Training ends with it, and what
// was brought in before versions were signed needs it once.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { Refused } from '../../domain/errors';
import { ensureSigningKey, readSigningKey } from '../../infra/signingKey';
import { shippedModels } from '../../serving/repository/checkoutRoot';
import { trustedKeys, type SignedManifest } from '../../serving/repository/manifest';
import { ModelRepository } from '../../serving/repository/modelRepository';
import { projectKeys } from '../../serving/repository/projectKeys';
import { PushedVersions } from '../../serving/repository/pushedVersions';
import { print } from '../text/output';

export interface KeyFlag {
  readonly key?: string;
}

export const withKey = (command: Command): Command =>
  command.option('--key <file>', 'private key to sign with, as PEM; default this installation’s');

/** The key that a command signs with. @throws Fatal when --key names none. */
export const signingKeyOf = ({ key }: KeyFlag): KeyObject =>
  key === undefined ? ensureSigningKey() : readSigningKey('--key', key);

interface SignFlags extends KeyFlag {
  readonly models: string;
  readonly state?: string;
  readonly json?: true;
}

const pemOf = (key: KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();

/**
 * Signs what no trusted key has signed; with --key, whatever was signed before too.
 * @throws Refused when a folder cannot be read, a name is unknown, or a file is not as its config declares.
 */
async function signed(flags: SignFlags, only?: string): Promise<readonly SignedManifest[]> {
  const key = signingKeyOf(flags);
  const pushed = flags.state === undefined ? undefined : join(flags.state, 'pushed');
  if (pushed !== undefined && !existsSync(pushed))
    throw new Refused({ code: 'FLAG_FILE', message: `--state: there is no folder ${pushed}` });
  const repository = new ModelRepository(
    flags.models,
    trustedKeys([...projectKeys, pemOf(key)]),
    pushed === undefined ? undefined : new PushedVersions(pushed, Infinity),
  );
  const manifests: SignedManifest[] = [];
  for (const name of only === undefined ? await repository.names() : [only]) {
    const config = await repository.config(name);
    for (const version of config.versions.keys()) {
      if (flags.key === undefined && (await repository.isSigned(config, version))) continue;
      manifests.push(await repository.sign(config, version, { key, at: new Date() }));
    }
  }
  return manifests;
}

const line = ({ name, version, files, key }: SignedManifest): string =>
  `${name} ${version} is signed by ${key}: sha256 ${files['model.onnx']}`;

export const signCommand = (): Command =>
  withKey(new Command('sign'))
    .description('sign versions in a folder, which says that their files are trusted here')
    .argument('[model]', 'this model alone')
    .option('--models <dir>', 'the folder of models', shippedModels())
    .option('--state <dir>', 'a server’s state folder, for the versions pushed to it')
    .option('--json', 'print one JSON document')
    .action(async (model: string | undefined, flags: SignFlags) => {
      const manifests = await signed(flags, model);
      print(flags.json === true, manifests, () =>
        manifests.length === 0 ? ['every version is signed already'] : manifests.map(line),
      );
    });
