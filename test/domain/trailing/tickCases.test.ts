// Goal: our levels agree with tick cases restated from published trailing-stop tests. A case says where the
// stop must be for a best reference price and an offset, which is the distance cap of a policy. A case whose
// reference is bid or ask is played on that side of its quotes; ours trails the last price.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ratchet, startTrail, type TrailingTerms } from '../../../domain/trailing';
import { rupeeForRupee } from '../../support/rupeeForRupee';
import { paise, paiseFromRupees, type Paise } from '../../../domain/units';

const folder = process.env['RATCHET_SHARED_DATA'] ?? join(__dirname, '../../../../shared/data');
const file = join(folder, 'trailing-cases.json');

const event = z.union([
  z.tuple([z.literal('quote'), z.number(), z.number()]),
  z.tuple([z.literal('trade'), z.number()]),
]);
const tickCase = z.object({
  id: z.string(),
  protects: z.enum(['long', 'short']),
  ref: z.enum(['last', 'bid', 'ask']),
  offset_type: z.enum(['price', 'bp', 'ticks']),
  offset: z.number(),
  tick_size: z.number().optional(),
  initial_trigger: z.number().nullable(),
  path: z.array(event),
  expected: z.number(),
});
type TickCase = z.infer<typeof tickCase>;

const cases: readonly TickCase[] = existsSync(file)
  ? z.object({ tick_cases: z.array(tickCase) }).parse(JSON.parse(readFileSync(file, 'utf8')))
      .tick_cases
  : [];

/** The prices of the case's own reference, in paise. */
function references({ ref, path }: TickCase): readonly Paise[] {
  return path.flatMap(([kind, first, second]) => {
    if (kind === 'trade') return ref === 'last' ? [paiseFromRupees(first)] : [];
    if (ref === 'last') return [];
    return [paiseFromRupees(ref === 'bid' ? first : second)];
  });
}

/** The offset as a distance from the best reference. */
function distanceOf({ offset_type, offset, tick_size = 0.05 }: TickCase, best: Paise): Paise {
  const rupees = offset_type === 'ticks' ? offset * tick_size : offset;
  return offset_type === 'bp'
    ? paise(Math.round((best * offset) / 10_000))
    : paiseFromRupees(rupees);
}

function stopOf(one: TickCase): Paise {
  const prices = references(one);
  const d = one.protects === 'long' ? 1 : -1;
  const best = prices.reduce((far, price) => (d * (price - far) > 0 ? price : far));
  const distance = distanceOf(one, best);
  // Entered a tick before the first reference, so that it is a gain; the initial stop is the case's own.
  const entry = paise((prices[0] ?? best) - d * 5);
  const initialStop =
    one.initial_trigger === null
      ? paise(entry - d * distance * 2)
      : paiseFromRupees(one.initial_trigger);
  const terms: TrailingTerms = {
    direction: one.protects === 'long' ? 'LONG' : 'SHORT',
    entry,
    initialStop,
    initialTarget: paise(entry + d * 1_000_000),
    tickSize: paiseFromRupees(one.tick_size ?? 0.05),
    band: { lower: paise(5), upper: paise(2_000_000) },
    atrAtEntry: 0,
    policy: { ...rupeeForRupee, maxTrailDistance: distance, targetShare: 0 },
  };
  return prices.reduce((trail, price) => ratchet(terms, trail, price, 0), startTrail(terms)).stop;
}

const testCases =
  cases.length > 0 ? test.each(cases) : test.skip.each([{ id: 'none' } as TickCase]);

testCases('trailing: tick case $id', (one) => {
  expect(stopOf(one)).toBe(paiseFromRupees(one.expected));
});
