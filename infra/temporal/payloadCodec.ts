// Encrypts every payload that goes to Temporal, and takes none that is not ours. AES-256-GCM binds a payload
// to its namespace, its workflow and its kind, so that it cannot be moved to another place. Plain payloads are
// refused too: they are what somebody else would send.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  defaultPayloadConverter,
  type Payload,
  type PayloadCodec,
  type SerializationContext,
} from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { refusedPayload } from '../../domain/messages/refusedPayload';
import type { Keyring } from './payloadKeys';

const { Payload: wire } = temporal.api.common.v1;

const encoding = 'binary/encrypted';
const nonceBytes = 12;
const tagBytes = 16;

/** The place a payload belongs to. It stands beside the payload and is authenticated with it. */
interface Place {
  readonly namespace: string;
  readonly workflowId: string;
  readonly kind: 'workflow' | 'activity' | '';
}

export interface CodecOptions {
  readonly keyring: Keyring;
  /** The one the process works in. */
  readonly namespace: string;
  /**
   * What a payload that is not ours becomes. A client throws. A worker hands the workflow a mark to refuse the
   * message by, since a codec that throws would fail the workflow task again and again.
   */
  readonly onRefused: (refusal: Refusal) => Payload;
}

/** A payload that is not ours. */
export interface Refusal {
  /** Empty where it is not known. */
  readonly workflowId: string;
  readonly why: string;
}

/** Somebody else's payload, or one whose key is gone. */
export class PayloadRefused extends Error {
  override readonly name = 'PayloadRefused';

  constructor({ workflowId, why }: Refusal) {
    super(`a payload of ${workflowId === '' ? 'a workflow' : workflowId} was refused: ${why}`);
  }
}

/** For clients. */
export const refusedByThrowing = (refusal: Refusal): never => {
  throw new PayloadRefused(refusal);
};

/** For workers. @param tell learns of each. */
export const refusedByMark =
  (tell: (refusal: Refusal) => void) =>
  (refusal: Refusal): Payload => {
    tell(refusal);
    return defaultPayloadConverter.toPayload(refusedPayload(refusal.why));
  };

export function payloadCodec({ keyring, namespace, onRefused }: CodecOptions): PayloadCodec {
  return {
    encode: (payloads, context) =>
      Promise.resolve(
        payloads.map((payload) => encrypted(keyring, payload, placeOf(namespace, context))),
      ),
    decode: (payloads, context) =>
      Promise.resolve(
        payloads.map((payload) => {
          const result = decrypted(keyring, payload, expectedPlace(namespace, context));
          return 'why' in result ? onRefused(result) : result.payload;
        }),
      ),
  };
}

const placeOf = (namespace: string, context: SerializationContext | undefined): Place => ({
  namespace,
  workflowId: context?.workflowId ?? '',
  kind: context?.type ?? '',
});

/** The place a payload was found in; undefined where the SDK does not say. */
const expectedPlace = (
  namespace: string,
  context: SerializationContext | undefined,
): Place | { readonly namespace: string } =>
  context === undefined ? { namespace } : placeOf(namespace, context);

const authenticated = (keyId: string, { namespace, workflowId, kind }: Place): Buffer =>
  Buffer.from(JSON.stringify(['ratchet', keyId, namespace, workflowId, kind]));

function encrypted(keyring: Keyring, payload: Payload, place: Place): Payload {
  const { id, key } = keyring.newest();
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(authenticated(id, place));
  const inside = wire.encode(wire.create(payload)).finish();
  const secret = Buffer.concat([cipher.update(inside), cipher.final()]);
  return {
    metadata: {
      encoding: Buffer.from(encoding),
      'encryption-key-id': Buffer.from(id),
      'ratchet-workflow': Buffer.from(place.workflowId),
      'ratchet-kind': Buffer.from(place.kind),
    },
    data: Buffer.concat([nonce, cipher.getAuthTag(), secret]),
  };
}

type Decrypted = { readonly payload: Payload } | Refusal;

function decrypted(
  keyring: Keyring,
  { metadata, data }: Payload,
  found: Place | { readonly namespace: string },
): Decrypted {
  const text = (name: string): string => Buffer.from(metadata?.[name] ?? []).toString();
  const workflowId = 'workflowId' in found ? found.workflowId : text('ratchet-workflow');
  const refused = (why: string): Refusal => ({ workflowId, why });
  if (text('encoding') !== encoding) return refused('it is not encrypted');
  const key = keyring.find(text('encryption-key-id'));
  if (key === undefined) return refused('its key is not one of ours');
  const kind = text('ratchet-kind');
  if (kind !== 'workflow' && kind !== 'activity' && kind !== '')
    return refused('it has been changed');
  const written = {
    namespace: found.namespace,
    workflowId: text('ratchet-workflow'),
    kind,
  } as const;
  if ('workflowId' in found && !belongs(written, found))
    return refused(`it was written for ${written.workflowId}`);
  const sealed = Buffer.from(data ?? []);
  if (sealed.length < nonceBytes + tagBytes) return refused('it has been changed');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.key, sealed.subarray(0, nonceBytes))
      .setAAD(authenticated(key.id, written))
      .setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
    const secret = sealed.subarray(nonceBytes + tagBytes);
    return { payload: wire.decode(Buffer.concat([decipher.update(secret), decipher.final()])) };
  } catch {
    return refused('it has been changed');
  }
}

/** What a schedule starts has the id it was written for, and the time of the start behind it. */
const startedBySchedule = /^-\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

const belongs = (written: Place, found: Place): boolean =>
  written.kind === found.kind &&
  (written.workflowId === found.workflowId ||
    (found.workflowId.startsWith(written.workflowId) &&
      startedBySchedule.test(found.workflowId.slice(written.workflowId.length))));
