// The ways a stop follows the best price. Everything about a way is in this file: its numbers, how they are
// sized for a stock, and where it puts the stop. What a position runs by is in paise; what is configured is in
// shares of its initial stop distance, so that one configuration fits a ₹150 stock and a ₹15,000 stock.
import { z } from 'zod';
import { setting } from '../settings';
import { paise, type Paise } from '../units';

const share = z.number().min(0.01).max(1);
const multiple = z.number().min(0.1).max(20);
const ofStopDistance = z.number().min(0.01).max(10);

/** A distance of a position, in paise. */
export const distanceSchema: z.ZodType<Paise, number> = z
  .int()
  .positive()
  .transform(paise)
  .meta({ allowed: 'a whole number of paise above 0' });

const kindOf = <const Kind extends string>(kind: Kind, sentence: string): z.ZodLiteral<Kind> =>
  z.literal(kind).describe(sentence);

const fixed = kindOf('fixed', 'The stop moves a step for every whole step the price gains.');
const percentage = kindOf('percentage', 'The stop moves by a share of the gain.');
const atr = kindOf('atr', 'The stop stays a multiple of ATR behind the best price.');
const hybrid = kindOf(
  'hybrid',
  'The stop moves by a share of the gain and keeps a distance from the best price.',
);

/** The rule a position runs by. */
export const trailingRuleSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: fixed,
      stepMove: distanceSchema.describe('The step the price gains, in paise.'),
      stepStop: distanceSchema.describe('The step the stop moves, in paise.'),
    })
    .readonly(),
  z
    .strictObject({
      kind: percentage,
      share: share.describe('Share of the gain by which the stop moves.'),
    })
    .readonly(),
  z
    .strictObject({
      kind: atr,
      multiple: multiple.describe('Distance from the best price to the stop, in ATR.'),
    })
    .readonly(),
  z
    .strictObject({
      kind: hybrid,
      share: share.describe('Share of the gain by which the stop moves.'),
      minDistance: distanceSchema.describe('Nearest the stop comes to the best price, in paise.'),
    })
    .readonly(),
]);
export type TrailingRule = z.infer<typeof trailingRuleSchema>;

/** The rule as it is configured. */
export const configuredRuleSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: fixed,
      stepMove: setting(
        ofStopDistance,
        0.5,
        'The step the price gains, in initial stop distances.',
      ),
      stepStop: setting(ofStopDistance, 0.5, 'The step the stop moves, in initial stop distances.'),
    })
    .readonly(),
  z
    .strictObject({
      kind: percentage,
      share: setting(share, 0.8, 'Share of the gain by which the stop moves.'),
    })
    .readonly(),
  z
    .strictObject({
      kind: atr,
      multiple: setting(multiple, 2, 'Distance from the best price to the stop, in ATR.'),
    })
    .readonly(),
  z
    .strictObject({
      kind: hybrid,
      share: setting(share, 0.8, 'Share of the gain by which the stop moves.'),
      minDistance: setting(
        ofStopDistance,
        0.5,
        'Nearest the stop comes to the best price, in initial stop distances.',
      ),
    })
    .readonly(),
]);
export type ConfiguredRule = z.infer<typeof configuredRuleSchema>;

/** The configured rule for one position. @param part a share of its initial stop distance, in paise. */
export function sizedRule(rule: ConfiguredRule, part: (share: number) => Paise): TrailingRule {
  switch (rule.kind) {
    case 'fixed':
      return { ...rule, stepMove: part(rule.stepMove), stepStop: part(rule.stepStop) };
    case 'hybrid':
      return { ...rule, minDistance: part(rule.minDistance) };
    case 'percentage':
    case 'atr':
      return rule;
  }
}

/** How far the stop lies from the entry in the position's favour; below 0 is a loss. */
export function ruleOffset(rule: TrailingRule, initial: number, move: number, atr: number): number {
  switch (rule.kind) {
    case 'fixed':
      return initial + Math.floor(move / rule.stepMove) * rule.stepStop;
    case 'percentage':
      return initial + rule.share * move;
    case 'atr':
      return move - rule.multiple * atr;
    case 'hybrid':
      return Math.min(initial + rule.share * move, move - rule.minDistance);
  }
}

/**
 * The moves up to `move` at which the rule's stop may be tightest. A distance scaled up by volatility can
 * grow faster than the move itself; the stop then belongs to the move before, as it never loosens. So the
 * stop only grows with the best price, whichever ticks led there.
 * @param nearest the distance, before it is scaled, at which the stop comes no nearer to the best price
 */
export function tightestMoves(
  rule: TrailingRule,
  initial: number,
  move: number,
  nearest: number,
): readonly number[] {
  const upToMove = (at: number): readonly number[] => (at > 0 && at < move ? [at, move] : [move]);
  switch (rule.kind) {
    case 'fixed': {
      const step = Math.floor(move / rule.stepMove) * rule.stepMove;
      // A step that lies beyond the price holds the stop at the nearest until the price has passed it.
      const passed = ruleOffset(rule, initial, step, 0) + nearest;
      return [step, ...upToMove(Math.max(step, passed))];
    }
    case 'hybrid':
      return upToMove((rule.minDistance + initial) / (1 - rule.share));
    case 'percentage':
    case 'atr':
      return [move];
  }
}
