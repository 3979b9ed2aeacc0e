// Goal: the first byte of a file that is not UTF-8 is named. Method: known sequences, and any text with one byte put in.
import fc from 'fast-check';
import { firstBadByte } from '../../domain/utf8';

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
