// Every code an error of ours carries. Codes are stored with decisions and asserted by callers, so their
// spelling stays.
import { backtestRefusals } from './backtest';

import { exchangeRefusals } from './exchange';
import { liveRefusals } from './live';
import { marketRefusals } from './market';
import { modelRefusals } from './model';
import { positionRefusals } from './position';
import { runningRefusals } from './running';
import { dataRefusals } from './storedCandles';
import { strategyRefusals } from './strategy';
import { tradingRefusals } from './trading';

export type { Refusal } from './refusal';

/** The codes by where they arise. */
export const refusals = {
  'Risk and entries': tradingRefusals,
  Positions: positionRefusals,
  'Dates, candles, stocks and news': marketRefusals,
  'Imported and fetched candles': dataRefusals,
  'Configuration and running': runningRefusals,
  'Logging in and live trading': liveRefusals,
  Strategies: strategyRefusals,
  'Model server': modelRefusals,
  'Backtests and training': backtestRefusals,
  'Paper exchange': exchangeRefusals,
};

type Catalogue = typeof refusals;
export type RefusalCode = { [Part in keyof Catalogue]: keyof Catalogue[Part] }[keyof Catalogue];
