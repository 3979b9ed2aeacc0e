// The ticks of a day from its minute bars, one minute at a time, so that only the current minute's ticks are
// in memory. Each stock and minute draws from a stream of its own, so a stock's path does not depend on the
// other stocks of the day.
import { invariant } from '../../domain/assert';
import type { Candle } from '../../domain/market/candle';
import type { EpochMs, Paise } from '../../domain/units';
import { ticksOfBar } from './barPath';
import { chanceFor } from './chance';
import type { Tick, TickFeed } from './source';

/** One instrument's bars of the day, oldest first. */
export interface BarSeries {
  readonly token: number;
  readonly tickSize: Paise;
  readonly bars: readonly Candle[];
}

/** Ticks of all series in order of time; at one instant the lower token comes first. */
export function barFeed(series: readonly BarSeries[], seed: number): TickFeed {
  const minutes = [...new Set(series.flatMap(({ bars }) => bars.map((bar) => bar.at)))].sort(
    (left, right) => left - right,
  );
  const byMinute = new Map<EpochMs, (readonly [BarSeries, Candle])[]>();
  for (const one of series) {
    for (const bar of one.bars) {
      const list = byMinute.get(bar.at);
      if (list === undefined) byMinute.set(bar.at, [[one, bar]]);
      else list.push([one, bar]);
    }
  }
  return new MinuteFeed(minutes, (minute) =>
    (byMinute.get(minute) ?? [])
      .flatMap(([{ token, tickSize }, bar]) =>
        ticksOfBar(bar, token, tickSize, chanceFor(seed, `${token}/${bar.at}`)),
      )
      .sort((left, right) => left.at - right.at || left.token - right.token),
  );
}

class MinuteFeed implements TickFeed {
  private readonly minutes: readonly EpochMs[];
  private readonly expand: (minute: EpochMs) => readonly Tick[];
  private nextMinute = 0;
  private ticks: readonly Tick[] = [];
  private position = 0;

  constructor(minutes: readonly EpochMs[], expand: (minute: EpochMs) => readonly Tick[]) {
    this.minutes = minutes;
    this.expand = expand;
  }

  nextAt(): EpochMs | undefined {
    while (this.position >= this.ticks.length) {
      const minute = this.minutes[this.nextMinute];
      if (minute === undefined) return undefined;
      this.ticks = this.expand(minute);
      this.position = 0;
      this.nextMinute += 1;
    }
    return this.ticks[this.position]?.at;
  }

  take(): Tick {
    const tick = this.nextAt() === undefined ? undefined : this.ticks[this.position];
    invariant(tick !== undefined, 'Invariant: a tick is taken only when one is due');
    this.position += 1;
    return tick;
  }
}
