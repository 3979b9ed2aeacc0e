// Goal: the keys are private, whole and rotate without a restart. Method: files in a temporary folder.
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensurePayloadKeys,
  openKeyring,
  payloadKeysIn,
  payloadKeysMade,
  retirePayloadKeys,
  rotatePayloadKeys,
} from '../../../infra/temporal/payloadKeys';

describe('payload keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-keys-'));
  const file = payloadKeysIn(join(folder, 'made'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ids = (): readonly string[] => payloadKeysMade(file).map(({ id }) => id);
  /** The times of two quick writes may be one on this file system. */
  const later = (seconds: number): void => {
    const at = Date.now() / 1_000 + seconds;
    utimesSync(file, at, at);
  };

  test('are made once, in a file of their owner', () => {
    ensurePayloadKeys(file);
    const made = readFileSync(file, 'utf8');
    ensurePayloadKeys(file);
    expect(readFileSync(file, 'utf8')).toBe(made);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(ids()).toHaveLength(1);
  });

  test('a new key writes at once where it is read anew, the one before it still reads, an older one is forgotten', () => {
    let now = 0;
    const writer = openKeyring(file, () => now);
    const reader = openKeyring(file, () => 0);
    const [first = ''] = ids();
    rotatePayloadKeys(file);
    later(1);
    const [second = ''] = ids();
    expect(ids()).toEqual([second, first]);
    expect(writer.newest().id).toBe(first);
    now = 1_000;
    expect(writer.newest().id).toBe(second);
    expect(reader.find(second)?.id).toBe(second);
    expect(reader.find(first)?.id).toBe(first);
    rotatePayloadKeys(file);
    later(2);
    expect(reader.find(ids()[0] ?? '')?.id).toBe(ids()[0]);
    expect(reader.find(first)).toBeUndefined();
    retirePayloadKeys(file);
    expect(ids()).toHaveLength(1);
  });

  test.each([
    ['is not there', () => undefined, /there are no payload keys in/],
    [
      'is open to others',
      () => {
        ensurePayloadKeys(file);
        chmodSync(file, 0o640);
      },
      /must be readable by its owner only/,
    ],
    [
      'is cut off',
      () => writeFileSync(file, '{"keys": [', { mode: 0o600 }),
      /is not a file of payload keys/,
    ],
    [
      'has a short key',
      () =>
        writeFileSync(
          file,
          JSON.stringify({
            keys: [{ id: '00000000', made: new Date().toISOString(), key: 'AAAA' }],
          }),
          { mode: 0o600 },
        ),
      /is not a file of payload keys/,
    ],
  ])('a file that %s is refused in one sentence', (_, make, sentence) => {
    rmSync(file, { force: true });
    make();
    expect(() => openKeyring(file)).toThrow(sentence);
  });
});
