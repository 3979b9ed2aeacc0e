// What the shipped decisions were measured to be worth (docs/deciding.md, Backtests), in the words that every report
// repeats. `ratchet backtest` over the same days makes the figures again.
import { formatRupees, paise } from '../units';

/** All recorded days, the default configuration without the model, which was trained on them; seed 7, ₹10,00,000 a day. */
const measured = {
  days: 47,
  trades: 944,
  grossBps: { mean: -4.3, low: -8.6, high: -0.2 },
  netPnl: paise(-26_625_612),
} as const;

const bps = (value: number): string => value.toFixed(1).replace('-', '−');

const { days, trades, grossBps, netPnl } = measured;

export const measuredWorth = `The shipped agents are not known to earn their charges: on ${days} recorded days ${trades} trades made ${bps(grossBps.mean)} bp of their value before charges (95 % between ${bps(grossBps.low)} and ${bps(grossBps.high)}) and ${formatRupees(netPnl)} after them, less than every run with entries drawn by lot.`;
