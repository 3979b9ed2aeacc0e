// The keys that Temporal's payloads are encrypted with: one that writes, and the one before it, which still
// reads. They are in a private file, made with the system. Temporal and its database never see them.
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Fatal } from '../../domain/errors';
import { parsedJson } from '../../domain/json';
import type { Mode } from '../../domain/live/mode';
import { installationFolder } from '../installation';
import { replacePrivateFile } from '../privateFiles';
import { readPrivateFile } from '../secrets';

const bytes = 32;

const keptKey = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{8}$/),
  made: z.iso.datetime(),
  key: z.base64().refine((text) => Buffer.from(text, 'base64').length === bytes),
});

type KeptKey = z.infer<typeof keptKey>;

const shape = z.strictObject({
  /** Newest first. */
  keys: z.union([z.tuple([keptKey]), z.tuple([keptKey, keptKey])]),
});

type KeyFile = z.infer<typeof shape>;

export interface PayloadKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** The keys that are valid now. */
export interface Keyring {
  /** Writes. */
  newest(): PayloadKey;
  /** Reads; undefined for a key that is not, or no longer, ours. */
  find(id: string): PayloadKey | undefined;
}

/** The file of an installation's keys in its folder. */
export const payloadKeysIn = (folder: string): string => join(folder, 'payload-keys.json');

/** The file that the environment names, as hosts that share a cluster do; else the installation's own. */
export const payloadKeysOf = (mode: Mode): string =>
  process.env['RATCHET_PAYLOAD_KEYS'] ?? payloadKeysIn(installationFolder(mode));

function read(file: string): KeyFile {
  if (!existsSync(file))
    throw new Fatal({
      code: 'ENVIRONMENT',
      message: `there are no payload keys in ${file}: without them no workflow can be read or told anything`,
    });
  const { data } = shape.safeParse(parsedJson(readPrivateFile(file, file)));
  if (data === undefined)
    throw new Fatal({ code: 'ENVIRONMENT', message: `${file} is not a file of payload keys` });
  return data;
}

const fresh = (): KeptKey => ({
  id: randomBytes(4).toString('hex'),
  made: new Date().toISOString(),
  key: randomBytes(bytes).toString('base64'),
});

/** On the disk before it counts: a lost key is a lost history. */
const write = (file: string, keys: KeyFile): void =>
  replacePrivateFile(file, JSON.stringify(keys, null, 2));

/** Makes the file with its first key where there is none. @returns the file. */
export function ensurePayloadKeys(file: string): string {
  if (existsSync(file)) read(file);
  else write(file, { keys: [fresh()] });
  return file;
}

/** A new key writes from now on, the one before it reads; an older one is forgotten. */
export const rotatePayloadKeys = (file: string): void =>
  write(file, { keys: [fresh(), read(file).keys[0]] });

/** Forgets every key but the newest. What only they can read cannot be read any more. */
export const retirePayloadKeys = (file: string): void =>
  write(file, { keys: [read(file).keys[0]] });

/** When the keys were made; the keys themselves stay here. */
export const payloadKeysMade = (file: string): readonly Omit<KeptKey, 'key'>[] =>
  read(file).keys.map(({ id, made }) => ({ id, made }));

/** Least time between two looks at the file by those who write. */
const lookEveryMs = 1_000;

/**
 * The keys of a file. A rotation is taken up without a restart: an unknown key and, every second, the file's
 * time lead to another look.
 */
export function openKeyring(file: string, now: () => number = Date.now): Keyring {
  let keys = loaded(file);
  let version = statSync(file).mtimeMs;
  let looked = now();
  const look = (): void => {
    looked = now();
    const current = existsSync(file) ? statSync(file).mtimeMs : version;
    if (current === version) return;
    keys = loaded(file);
    version = current;
  };
  const held = (id: string): PayloadKey | undefined => keys.find((key) => key.id === id);
  return {
    newest() {
      if (now() - looked >= lookEveryMs) look();
      return keys[0];
    },
    find(id) {
      if (held(id) === undefined) look();
      return held(id);
    },
  };
}

function loaded(file: string): readonly [PayloadKey, ...PayloadKey[]] {
  const [newest, ...before] = read(file).keys;
  return [opened(newest), ...before.map(opened)];
}

const opened = ({ id, key }: KeptKey): PayloadKey => ({
  id,
  key: createSecretKey(Buffer.from(key, 'base64')),
});
