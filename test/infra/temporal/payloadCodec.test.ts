// Goal: a payload is read only by the workflow it was written for, with a key of ours; anything else is refused
// with a reason, and never handed on. Method: payloads written by the codec, then moved, changed and forged.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  defaultPayloadConverter,
  type Payload,
  type SerializationContext,
} from '@temporalio/common';
import { whyRefused } from '../../../domain/messages/refusedPayload';
import {
  payloadCodec,
  refusedByMark,
  refusedByThrowing,
  type Refusal,
} from '../../../infra/temporal/payloadCodec';
import { ensurePayloadKeys, openKeyring, payloadKeysIn } from '../../../infra/temporal/payloadKeys';

const folder = mkdtempSync(join(tmpdir(), 'ratchet-codec-'));
const keyringOf = (name: string): ReturnType<typeof openKeyring> =>
  openKeyring(ensurePayloadKeys(payloadKeysIn(join(folder, name))));
const namespace = 'ratchet';
const ours = keyringOf('ours');
const refusals: Refusal[] = [];
const codec = payloadCodec({
  keyring: ours,
  namespace,
  onRefused: refusedByMark((refusal) => void refusals.push(refusal)),
});
const client = payloadCodec({ keyring: ours, namespace, onRefused: refusedByThrowing });
const ofWorkflow = (workflowId: string): SerializationContext => ({
  type: 'workflow',
  namespace,
  workflowId,
});
const ofActivity = (workflowId: string): SerializationContext => ({
  type: 'activity',
  namespace,
  workflowId,
  isLocal: false,
});

const plain = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const written = async (value: unknown, place: SerializationContext): Promise<Payload> =>
  (await codec.encode([plain(value)], place))[0] ?? {};
const readBack = async (payload: Payload, place?: SerializationContext): Promise<unknown> =>
  defaultPayloadConverter.fromPayload((await codec.decode([payload], place))[0] ?? {});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('payload codec', () => {
  const day = ofWorkflow('day-paper-2026-11-27');

  test('what is written is read back, and nothing of it is in the payload', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.string({ minLength: 1 }), async (value, workflowId) => {
        const place = ofWorkflow(workflowId);
        const payload = await written({ value }, place);
        expect(await readBack(payload, place)).toEqual(JSON.parse(JSON.stringify({ value })));
      }),
      { numRuns: 200 },
    );
    const secret = await written({ tradingsymbol: 'CANARY' }, day);
    expect(Buffer.from(secret.data ?? []).includes('CANARY')).toBe(false);
    expect(await readBack(await written(undefined, day), day)).toBeUndefined();
  });

  test('what a schedule starts reads what was written for the schedule’s workflow', async () => {
    const payload = await written(1, ofWorkflow('scheduled-day-paper'));
    const started = ofWorkflow('scheduled-day-paper-2026-11-27T03:30:00Z');
    expect(await readBack(payload, started)).toBe(1);
    const other = ofWorkflow('scheduled-day-paper-two');
    expect(whyRefused(await readBack(payload, other))).toBe(
      'it was written for scheduled-day-paper',
    );
  });

  test('where the SDK does not say whose a payload is, the payload says it, and proves it', async () => {
    const payload = await written(1, day);
    expect(await readBack(payload)).toBe(1);
    const moved = {
      ...payload,
      metadata: { ...payload.metadata, 'ratchet-workflow': Buffer.from('x') },
    };
    expect(whyRefused(await readBack(moved))).toBe('it has been changed');
  });

  test.each<[string, () => Promise<Payload>, string]>([
    ['a plain payload', () => Promise.resolve(plain({ seq: 1 })), 'it is not encrypted'],
    ['an empty one', () => Promise.resolve({}), 'it is not encrypted'],
    [
      'another workflow’s',
      () => written(1, ofWorkflow('day-paper-2026-11-26')),
      'it was written for day-paper-2026-11-26',
    ],
    [
      'an activity’s result, sent as a message',
      () => written(1, ofActivity('day-paper-2026-11-27')),
      'it was written for day-paper-2026-11-27',
    ],
    [
      'one of another installation',
      async () =>
        (
          await payloadCodec({
            keyring: keyringOf('theirs'),
            namespace,
            onRefused: refusedByThrowing,
          }).encode([plain(1)], day)
        )[0] ?? {},
      'its key is not one of ours',
    ],
    [
      'one of another namespace',
      async () =>
        (
          await payloadCodec({
            keyring: ours,
            namespace: 'other',
            onRefused: refusedByThrowing,
          }).encode([plain(1)], day)
        )[0] ?? {},
      'it has been changed',
    ],
    [
      'one that is cut off',
      async () => ({ ...(await written(1, day)), data: Buffer.from('abc') }),
      'it has been changed',
    ],
    [
      'one that says it is a place’s and is not',
      async () => {
        const payload = await written(1, ofWorkflow('x'));
        return {
          ...payload,
          metadata: {
            ...payload.metadata,
            'ratchet-workflow': Buffer.from('day-paper-2026-11-27'),
          },
        };
      },
      'it has been changed',
    ],
  ])('%s is refused', async (_, make, why) => {
    refusals.length = 0;
    const payload = await make();
    expect(whyRefused(await readBack(payload, day))).toBe(why);
    expect(refusals).toEqual([{ workflowId: 'day-paper-2026-11-27', why }]);
    await expect(Promise.resolve().then(() => client.decode([payload], day))).rejects.toThrow(
      `a payload of day-paper-2026-11-27 was refused: ${why}`,
    );
  });

  test('one with any byte changed is refused', async () => {
    const payload = await written({ quantity: 100 }, day);
    const sealed = Buffer.from(payload.data ?? []);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(sealed.readUInt8(at) ^ 1, at);
      expect(whyRefused(await readBack({ ...payload, data: changed }, day))).toBe(
        'it has been changed',
      );
    }
  });
});
