// Headlines of the generated day. Most belong to a shock and come a little before or after the price moves.
// Some are noise, and a few are loud news that moves nothing.
import { tradingMinuteAt, type SessionClock } from '../../domain/session/sessionClock';
import { epochMs, type EpochMs } from '../../domain/units';
import type { Chance } from './chance';
import type { Listing } from './listing';
import type { Shock } from './priceStory';
import type { Headline } from './source';

const good = [
  '{} shares surge after strong quarterly profit beats estimates',
  '{} wins large order worth Rs 2,400 crore, stock rallies',
  'Brokerages upgrade {} to buy, raise target price on robust growth',
  '{} reports record sales, profit jumps 34%',
  '{} gains as regulator clears expansion plan',
] as const;
const bad = [
  '{} shares plunge as quarterly profit misses estimates',
  '{} falls after brokerage downgrade to sell on weak demand',
  'Regulator launches probe into {}, stock slumps',
  '{} profit drops 28%, company cuts its outlook',
  '{} tumbles on heavy losses at key unit',
] as const;
const flat = [
  '{} to hold its board meeting next week',
  '{} appoints new company secretary',
  '{} to take part in investor conference',
] as const;

/** One stock's shock with its headlines. */
export interface NewsEvent {
  readonly tradingsymbol: string;
  readonly shock: Shock;
  readonly headline: Headline;
}

/** Shocks for the day, each stock at most once, with their headlines. */
export function inventNewsEvents(
  listings: readonly Listing[],
  clock: SessionClock,
  chance: Chance,
): readonly NewsEvent[] {
  const events: NewsEvent[] = [];
  for (const listing of listings) {
    if (chance.unit() > 0.4) continue;
    const minute = chance.whole(8, 300);
    const direction = chance.unit() < 0.5 ? 1 : -1;
    const move = direction * (0.7 + 0.8 * chance.unit());
    const headStartMs = chance.whole(-240, 180) * 1_000;
    events.push({
      tradingsymbol: listing.tradingsymbol,
      shock: { minute, minutes: chance.whole(8, 16), move },
      headline: {
        at: epochMs(tradingMinuteAt(clock, minute) + headStartMs),
        tradingsymbol: listing.tradingsymbol,
        title: about(listing, chance.pick(move > 0 ? good : bad)),
      },
    });
  }
  return events;
}

/** Headlines that move nothing: the overnight ones and the noise of the day. */
export function inventQuietNews(
  listings: readonly Listing[],
  open: EpochMs,
  chance: Chance,
): readonly Headline[] {
  return listings
    .filter(() => chance.unit() < 0.5)
    .map((listing) => {
      const isLoud = chance.unit() < 0.15;
      const loud = chance.unit() < 0.5 ? good : bad;
      return {
        at: epochMs(open + chance.whole(-700, 330) * 60_000),
        tradingsymbol: listing.tradingsymbol,
        title: about(listing, isLoud ? chance.pick(loud) : chance.pick(flat)),
      };
    });
}

/** The overnight headline behind an opening gap. */
export const gapHeadline = (
  listing: Listing,
  gap: number,
  open: EpochMs,
  chance: Chance,
): Headline => ({
  at: epochMs(open - chance.whole(20, 900) * 60_000),
  tradingsymbol: listing.tradingsymbol,
  title: about(listing, chance.pick(gap > 0 ? good : bad)),
});

const about = (listing: Listing, words: string): string => words.replace('{}', listing.name);
