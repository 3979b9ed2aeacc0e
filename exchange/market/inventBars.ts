// Minute bars of one stock and day from its story: drift, noise on a price that returns to the plot, and
// volume that is U-shaped and grows when the price moves.
import { roundToTick } from '../../domain/market/instrument';
import type { Candle } from '../../domain/market/candle';
import { tradingMinuteAt, type SessionClock } from '../../domain/session/sessionClock';
import { paise, shares, type Paise } from '../../domain/units';
import type { Chance } from './chance';
import type { Listing } from './listing';
import { driftByMinute, volumeShape, type PriceStory } from './priceStory';

export interface BarsPlot {
  readonly listing: Listing;
  readonly clock: SessionClock;
  /** Trading minutes of the day. */
  readonly minutes: number;
  readonly dayVolatilityPct: number;
  readonly story: PriceStory;
  /** Return of the whole market in each minute, as a fraction; the stock follows with its beta. */
  readonly market: readonly number[];
  readonly beta: number;
}

const stepsPerMinute = 6;

/** The bars, all on the tick grid and inside the price band. */
export function inventBars(plot: BarsPlot, chance: Chance): readonly Candle[] {
  const volatility = plot.dayVolatilityPct / 100;
  const drift = driftByMinute(plot.story, plot.minutes);
  const walk = new PriceWalk(plot, volatility, chance);
  const bars: Candle[] = [];
  for (let minute = 0; minute < plot.minutes; minute += 1) {
    const planned = (drift[minute] ?? 0) * volatility + plot.beta * (plot.market[minute] ?? 0);
    const busyness = volumeShape(minute, plot.minutes);
    const prices = walk.minute(planned, busyness);
    const surprise = Math.min(4, (Math.abs(planned) * 300) / volatility / 4);
    const noise = Math.exp(chance.normal() * 0.35);
    bars.push({
      at: tradingMinuteAt(plot.clock, minute),
      open: prices.open,
      high: prices.high,
      low: prices.low,
      close: prices.close,
      volume: shares(Math.round(plot.listing.minuteVolume * busyness * noise * (0.8 + surprise))),
    });
  }
  return bars;
}

interface MinutePrices {
  readonly open: Paise;
  readonly high: Paise;
  readonly low: Paise;
  readonly close: Paise;
}

/** The plotted price moves by drift; the traded price wanders around it and comes back. */
class PriceWalk {
  private readonly listing: Listing;
  private readonly stepNoise: number;
  private readonly chance: Chance;
  private plotted: number;
  private offset = 0;
  private last: Paise;

  constructor(plot: BarsPlot, volatility: number, chance: Chance) {
    this.listing = plot.listing;
    this.chance = chance;
    this.stepNoise = (volatility * 0.5) / Math.sqrt(plot.minutes * stepsPerMinute);
    this.plotted = plot.listing.previousClose * (1 + plot.story.gap * volatility);
    this.last = this.traded();
  }

  minute(planned: number, busyness: number): MinutePrices {
    const seen: Paise[] = [this.last];
    for (let step = 0; step < stepsPerMinute; step += 1) {
      this.plotted *= 1 + planned / stepsPerMinute;
      const shake = this.chance.normal() * this.stepNoise * Math.sqrt(busyness);
      this.offset = this.offset * 0.995 + shake;
      this.last = this.traded();
      seen.push(this.last);
    }
    const [open] = seen;
    return {
      open: open ?? this.last,
      high: paise(Math.max(...seen)),
      low: paise(Math.min(...seen)),
      close: this.last,
    };
  }

  private traded(): Paise {
    const { band, tickSize } = this.listing;
    const price = roundToTick(this.plotted * (1 + this.offset), tickSize, 'nearest');
    return paise(Math.min(band.upper, Math.max(band.lower, price)));
  }
}
