// `ratchet keys …`: the keys that Temporal's payloads are encrypted with.
import { Command } from 'commander';
import { Refused } from '../../domain/errors';
import { loadConfig } from '../../infra/config/config';
import { livingSystem } from '../../infra/supervisor/runFolder';
import {
  payloadKeysMade,
  payloadKeysOf,
  retirePayloadKeys,
  rotatePayloadKeys,
} from '../../infra/temporal/payloadKeys';
import { print } from '../text/output';

interface KeyFlags {
  readonly config?: string;
  readonly json?: true;
}

const fileOf = ({ config }: KeyFlags): string => payloadKeysOf(loadConfig(config).mode);

function show(flags: KeyFlags): void {
  const file = fileOf(flags);
  const keys = payloadKeysMade(file).map((key, place) => ({
    ...key,
    does: place === 0 ? 'writes and reads' : 'reads',
  }));
  print(flags.json === true, { file, keys }, () => [
    file,
    ...keys.map(({ id, made, does }) => `${id}  made ${made}  ${does}`),
  ]);
}

const command = (name: string, description: string, act: (file: string) => void): Command =>
  new Command(name)
    .description(description)
    .option('--config <file>', 'configuration file (JSON)')
    .option('--json', 'print one JSON document')
    .action((flags: KeyFlags) => {
      act(fileOf(flags));
      show(flags);
    });

function retire(file: string): void {
  if (livingSystem() !== undefined)
    throw new Refused({
      code: 'ALREADY_RUNNING',
      message:
        'a system is running and may still need the older key: stop it first, flat, then run `ratchet keys retire`',
    });
  retirePayloadKeys(file);
}

export const keysCommand = new Command('keys')
  .description('the keys that Temporal’s payloads are encrypted with')
  .addCommand(command('list', 'which keys there are, without the keys', () => undefined))
  .addCommand(
    command('rotate', 'a new key writes; the one before it still reads', rotatePayloadKeys),
  )
  .addCommand(command('retire', 'forget every key but the newest', retire));
