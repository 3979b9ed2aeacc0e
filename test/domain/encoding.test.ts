// Goal: the first byte of a file that is not of its encoding is named, and a mark says which that is. Method: known sequences, and any text with one byte put in.
import fc from 'fast-check';
import { firstBadByte, markedEncoding } from '../../domain/encoding';

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

test.each([
  ['nothing', bytes(), undefined],
  ['a rupee sign', bytes(0xe2, 0x82, 0xb9), undefined],
  ['latin-1', bytes(0x61, 0xe9, 0x20, 0x61), 1],
  ['latin-1 at the end', bytes(0x61, 0xe9), 1],
  ['a character cut off', bytes(0x61, 0xe2, 0x82), 1],
  ['a byte that only continues', bytes(0x61, 0x62, 0x82), 2],
  ['an overlong form', bytes(0x61, 0xc0, 0xaf), 1],
  ['a surrogate', bytes(0xed, 0xa0, 0x80), 0],
  ['UTF-16 with its mark', bytes(0xff, 0xfe, 0x61, 0x00), 0],
])('%s', (_, text, place) => {
  expect(firstBadByte(text)).toBe(place);
});

test('whatever stands before it, the byte that is wrong is the one named', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(text, fc.constantFrom(0x80, 0xc1, 0xf5, 0xff), text, (before, byte, after) => {
      const head = new TextEncoder().encode(before);
      const whole = Buffer.concat([head, bytes(byte), new TextEncoder().encode(after)]);
      expect(firstBadByte(whole)).toBe(head.length);
    }),
  );
});

test.each([
  ['half a unit at the end', bytes(0xff, 0xfe, 0x61, 0x00, 0x62), 4],
  ['half a pair', bytes(0xff, 0xfe, 0x3d, 0xd8, 0x61, 0x00), 2],
  ['a text', bytes(0xff, 0xfe, 0x61, 0x00), undefined],
])('UTF-16 with %s', (_, text, place) => {
  expect(firstBadByte(text, 'utf-16le')).toBe(place);
});

test('a replacement character that somebody wrote is no bad byte', () => {
  expect(firstBadByte(Buffer.concat([Buffer.from('a\ufffdb'), bytes(0xe9, 0x20)]))).toBe(5);
});

test.each([
  [bytes(0xef, 0xbb, 0xbf, 0x61), 'utf-8'],
  [bytes(0xff, 0xfe), 'utf-16le'],
  [bytes(0xfe, 0xff), 'utf-16be'],
  [bytes(0x61), undefined],
])('the mark of %j', (text, encoding) => {
  expect(markedEncoding(text)).toBe(encoding);
});
