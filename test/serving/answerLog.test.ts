// The ring of cached answers against a plain map. Whatever is stored and asked for, and in whatever order, a
// found value is the last one stored under its key, and recently used keys are found.
import fc from 'fast-check';
import { AnswerLog, type Words } from '../../serving/registry/answerLog';

const words = (values: readonly number[]): Words => ({
  words: Uint32Array.from(values),
  length: values.length,
});

const found = (log: AnswerLog, key: readonly number[]): readonly number[] | undefined => {
  const value = log.find(words(key));
  return value === undefined ? undefined : Array.from(value);
};

const word = fc.integer({ min: 0, max: 0xff_ff_ff_ff });
/** Few keys, so that they meet again; different lengths, so that the ring's end is reached at every distance. */
const key = fc
  .integer({ min: 0, max: 30 })
  .map((number) => Array.from({ length: 1 + (number % 5) }, () => number << 27));
const step = fc.record({
  key,
  value: fc.option(fc.array(word, { minLength: 1, maxLength: 12 }), { nil: undefined }),
});

test('what is found is what was last put, never more than allowed', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 300 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 64, max: 300 }),
      (steps, maxEntries, capacity) => {
        const log = new AnswerLog(maxEntries, capacity);
        const model = new Map<string, readonly number[]>();
        for (const { key: asked, value } of steps) {
          const name = asked.join();
          if (value !== undefined) {
            log.put(words(asked), words(value));
            model.set(name, value);
            expect(found(log, asked)).toEqual(value);
          } else {
            const got = found(log, asked);
            if (got !== undefined) expect(got).toEqual(model.get(name));
          }
          expect(log.size).toBeLessThanOrEqual(maxEntries);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('the entries put last are all there, as many as fit', () => {
  const log = new AnswerLog(100, 8 * 100);
  for (let entry = 0; entry < 1_000; entry += 1) log.put(words([entry, 7]), words([entry + 1]));
  expect(log.size).toBe(100);
  for (let entry = 900; entry < 1_000; entry += 1)
    expect(found(log, [entry, 7])).toEqual([entry + 1]);
  for (let entry = 0; entry < 900; entry += 1) expect(found(log, [entry, 7])).toBeUndefined();
});

test('an entry that is asked for again and again stays, while ten times the ring goes by', () => {
  const log = new AnswerLog(100, 8 * 100);
  log.put(words([1, 1]), words([42]));
  for (let entry = 0; entry < 1_000; entry += 1) {
    log.put(words([entry, 7]), words([entry]));
    if (entry % 20 === 0) expect(found(log, [1, 1])).toEqual([42]);
  }
  expect(found(log, [1, 1])).toEqual([42]);
});

test('keys that differ only in signs or in one high bit keep apart and near their places', () => {
  const log = new AnswerLog(4_096, 4_096 * 40);
  const signs = (number: number): number[] =>
    Array.from({ length: 32 }, (_, bit) =>
      (number >> (bit % 12)) & 1 ? 0xbf_80_00_00 : 0x3f_80_00_00,
    );
  for (let number = 0; number < 4_096; number += 1) log.put(words(signs(number)), words([number]));
  for (let number = 0; number < 4_096; number += 1) {
    expect(found(log, signs(number))).toEqual([number]);
  }
});

test('what is larger than half the ring is not kept and drives nothing out', () => {
  const log = new AnswerLog(10, 64);
  log.put(words([1]), words([2]));
  log.put(words([3]), words(Array.from({ length: 40 }, () => 9)));
  expect(found(log, [3])).toBeUndefined();
  expect(found(log, [1])).toEqual([2]);
});
