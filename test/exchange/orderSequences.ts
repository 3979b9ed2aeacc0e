// Order sequences for properties: what may be asked of the exchange, and a run of them over a generated
// day. A request the exchange refuses is part of the sequence like any other.
import * as fc from 'fast-check';
import { istInstant } from '../../domain/session/sessionClock';
import { epochMs, paise, shares, type EpochMs } from '../../domain/units';
import { Exchange, type ExchangeOptions } from '../../exchange/engine/exchange';
import type { JournalLine, JournalSink } from '../../exchange/engine/journal';
import { KiteError } from '../../exchange/engine/kiteError';
import type { OrderTerms, OrderType } from '../../exchange/engine/order';
import { FaultBox } from '../../exchange/faults/faultBox';
import { generatedMarket } from '../../exchange/market/generated';
import type { MarketSource, Tick } from '../../exchange/market/source';
import { date } from './support';

/** An order to buy 40 for delivery, priced by `more`. */
export const orderTerms = (tradingsymbol: string, more: Partial<OrderTerms>): OrderTerms => ({
  variety: 'regular',
  tradingsymbol,
  side: 'BUY',
  product: 'CNC',
  orderType: 'LIMIT',
  quantity: shares(40),
  price: paise(0),
  triggerPrice: paise(0),
  disclosedQuantity: shares(0),
  validity: 'DAY',
  validityTtl: 0,
  marketProtection: 3,
  tag: 'T1',
  icebergLegs: 0,
  ...more,
});

export const symbols = ['RELIANCE', 'TATASTEEL', 'VGUARD', 'CERA'];

export type Step =
  | {
      readonly kind: 'place';
      readonly symbol: string;
      readonly side: 'BUY' | 'SELL';
      readonly type: OrderType;
      readonly quantity: number;
      readonly ticksAway: number;
      readonly product: 'MIS' | 'CNC';
      readonly ioc: boolean;
    }
  | {
      readonly kind: 'modify';
      readonly index: number;
      readonly ticksAway: number;
      readonly quantity: number;
    }
  | { readonly kind: 'cancel'; readonly index: number }
  | { readonly kind: 'convert'; readonly index: number; readonly quantity: number }
  | { readonly kind: 'wait'; readonly ms: number };

const anyStepIn = (traded: readonly string[]): fc.Arbitrary<Step> =>
  fc.oneof(
    fc.record({
      kind: fc.constant('place' as const),
      symbol: fc.constantFrom(...traded),
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      type: fc.constantFrom<OrderType>('MARKET', 'LIMIT', 'SL', 'SL-M'),
      quantity: fc.integer({ min: 1, max: 3_000 }),
      ticksAway: fc.integer({ min: -8, max: 8 }),
      product: fc.constantFrom('MIS' as const, 'MIS' as const, 'CNC' as const),
      ioc: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('modify' as const),
      index: fc.nat(30),
      ticksAway: fc.integer({ min: -8, max: 8 }),
      quantity: fc.integer({ min: 1, max: 3_000 }),
    }),
    fc.record({ kind: fc.constant('cancel' as const), index: fc.nat(30) }),
    fc.record({
      kind: fc.constant('convert' as const),
      index: fc.nat(5),
      quantity: fc.integer({ min: 1, max: 500 }),
    }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 300_000 }) }),
  );

const day = generatedMarket(date, 5, { only: symbols });
export const dayTicks: Tick[] = [];
while (day.feed.nextAt() !== undefined) dayTicks.push(day.feed.take());

/** The day with these ticks; it is generated once, not for every run. */
export function sameDay(ticks: readonly Tick[] = dayTicks): MarketSource {
  let next = 0;
  const take = (): Tick => {
    const tick = ticks[next];
    if (tick === undefined) throw new Error('the day has no more ticks');
    next += 1;
    return tick;
  };
  return { ...day, feed: { nextAt: () => ticks[next]?.at, take } };
}

export interface Run {
  readonly exchange: Exchange;
  readonly journal: JournalLine[];
}

/** The exchange at 09:20, before any request. */
export function begin(
  journal: JournalSink,
  more: Partial<Pick<ExchangeOptions, 'source' | 'recall'>> = {},
): Exchange {
  const exchange = new Exchange({
    day: { date, hours: null },
    seed: 5,
    source: sameDay(),
    openingCash: paise(5_000_000_00),
    startAt: istInstant(date, '09:20'),
    journal,
    faults: new FaultBox(5),
    ...more,
  });
  exchange.advanceTo(istInstant(date, '09:20'));
  return exchange;
}

export function play(steps: readonly Step[], until: EpochMs): Run {
  const journal: JournalLine[] = [];
  const exchange = begin((line) => journal.push(line));
  for (const step of steps) attempt(exchange, step);
  exchange.advanceTo(until);
  return { exchange, journal };
}

/** Makes the request; that it is refused is part of a sequence. */
export const attempt = (exchange: Exchange, step: Step): void =>
  unlessRefused(() => take(exchange, step));

export function unlessRefused(request: () => void): void {
  try {
    request();
  } catch (error) {
    if (!(error instanceof KiteError)) throw error;
  }
}

function take(exchange: Exchange, step: Step): void {
  const target = (index: number) =>
    exchange.desk.all()[index % Math.max(1, exchange.desk.all().length)];
  switch (step.kind) {
    case 'wait': {
      exchange.advanceTo(epochMs(exchange.now + step.ms));
      return;
    }
    case 'cancel':
      exchange.cancel(target(step.index)?.orderId ?? 'none');
      return;
    case 'convert': {
      const open = exchange.account.positions();
      const position = open[step.index % Math.max(1, open.length)];
      if (position === undefined) return;
      const { listing, product: from } = position;
      const to = from === 'MIS' ? 'CNC' : 'MIS';
      const side = exchange.account.netQuantity(listing.instrumentToken, from) < 0 ? 'SELL' : 'BUY';
      exchange.convert({ listing, from, to, side, quantity: step.quantity });
      return;
    }
    case 'modify': {
      const order = target(step.index);
      const { lastPrice, listing } = exchange.tape(order?.listing.tradingsymbol ?? 'CERA');
      const price = paise(lastPrice + step.ticksAway * listing.tickSize);
      exchange.modify(order?.orderId ?? 'none', { price, quantity: shares(step.quantity) });
      return;
    }
    case 'place':
      exchange.place(termsOf(exchange, step));
  }
}

function termsOf(exchange: Exchange, step: Extract<Step, { kind: 'place' }>): OrderTerms {
  const { lastPrice, listing } = exchange.tape(step.symbol);
  const away = (ticks: number) => paise(lastPrice + ticks * listing.tickSize);
  const sign = step.side === 'BUY' ? 1 : -1;
  const isStop = step.type === 'SL' || step.type === 'SL-M';
  const distance = Math.abs(step.ticksAway) + 1;
  return {
    variety: 'regular',
    tradingsymbol: step.symbol,
    side: step.side,
    product: step.product,
    orderType: step.type,
    quantity: shares(step.quantity),
    price:
      step.type === 'LIMIT'
        ? away(step.ticksAway)
        : step.type === 'SL'
          ? away(sign * (distance + 3))
          : paise(0),
    triggerPrice: isStop ? away(sign * distance) : paise(0),
    disclosedQuantity: shares(0),
    validity: step.ioc ? 'IOC' : 'DAY',
    validityTtl: 0,
    marketProtection: -1,
    tag: null,
    icebergLegs: 0,
  };
}

export const stepsIn = (traded: readonly string[]): fc.Arbitrary<Step[]> =>
  fc.array(anyStepIn(traded), { minLength: 5, maxLength: 60 });
export const anySteps = stepsIn(symbols);
export const endOfDay = istInstant(date, '15:40');
