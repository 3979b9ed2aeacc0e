// Players whose results are a formula of date and configuration, for tests of a search without a market.
import type { Players } from '../../../backtest/research/crew';
import type { StudyHeader } from '../../../backtest/research/study';
import { epochMs, paise } from '../../../domain/units';
import { nseCalendar } from '../../../domain/session/nseCalendar';
import { chanceFor } from '../../../exchange/market/chance';
import type { RatchetConfig } from '../../../infra/config/config';

/** Twenty sessions. */
export const dates: readonly string[] = Array.from(
  { length: 20 },
  (_, day) => `2026-10-${String(day + 1).padStart(2, '0')}`,
);

export interface FakePlayers extends Players {
  /** Every date asked for, in order. */
  readonly asked: string[];
}

/** @param net result of a day in paise. */
export function fakePlayers(
  net: (date: string, config: RatchetConfig) => number = noisy,
): FakePlayers {
  const asked: string[] = [];
  return {
    asked,
    play: (days, config, twins = 0) => {
      asked.push(...days);
      return Promise.resolve(
        days.map((date) => {
          const netPnl = paise(Math.round(net(date, config)));
          const trade = { entryAt: epochMs(1), exitAt: epochMs(2), grossPnl: netPnl, netPnl };
          const result = { date, netPnl, grossPnl: netPnl, charges: paise(0), entries: 1 };
          const { normal } = chanceFor(1, `twins/${date}`);
          return {
            result: { ...result, trades: [trade] },
            twins: Array.from({ length: twins }, () => paise(Math.round(1000 * normal()))),
          };
        }),
      );
    },
    close: () => Promise.resolve(),
  };
}

const noisy = (date: string, { decision, risk }: RatchetConfig): number =>
  10_000 * chanceFor(3, `${date}/${decision.longThreshold}/${risk.riskPerTradeBps}`).normal();

export function headerWith(change: Partial<StudyHeader['terms']> = {}): StudyHeader {
  return {
    space: [
      { key: 'decision.longThreshold', kind: 'number', least: 0.3, most: 0.6, step: 0.05 },
      { key: 'risk.riskPerTradeBps', kind: 'number', least: 10, most: 50, step: 5 },
    ],
    terms: {
      ...{ folds: 3, embargo: 1, kind: 'anchored', method: 'random', seed: 5 },
      ...{ objective: 'sharpe', holdOut: 0.2, ...change },
    },
    dates,
    engine: {
      ...{ kind: 'exchange', directory: 'candles', factorsFile: null, model: null },
      ...{ cash: paise(100_000_000), seed: 5, calendar: nseCalendar },
    },
    written: {},
    data: 'd',
    code: 'c',
  };
}
