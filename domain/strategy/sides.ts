// What a rule that is written once, for buying, needs to serve both sides: the words of each, and which side wins.

/** Words of a side, so that one sentence serves both. */
export interface SideWords {
  readonly above: string;
  readonly below: string;
  readonly high: string;
  readonly up: string;
  readonly bullish: string;
  readonly oversold: string;
  readonly low: string;
}

export const sideWords: Readonly<Record<'BUY' | 'SELL', SideWords>> = {
  BUY: {
    above: 'above',
    below: 'below',
    high: 'high',
    low: 'low',
    up: 'up',
    bullish: 'bullish',
    oversold: 'oversold',
  },
  SELL: {
    above: 'below',
    below: 'above',
    high: 'low',
    low: 'high',
    up: 'down',
    bullish: 'bearish',
    oversold: 'overbought',
  },
};

/** The side with the stronger finding; equally strong is no opinion. */
export function strongerSide(
  buy: { readonly confidence: number } | null,
  sell: { readonly confidence: number } | null,
): 'BUY' | 'SELL' | null {
  const lead = (buy?.confidence ?? 0) - (sell?.confidence ?? 0);
  if (lead === 0) return null;
  return lead > 0 ? 'BUY' : 'SELL';
}
