// A traded day as our records keep it: the inputs of the replay, and the results it is compared with.
import type { DecisionConfig, WhyRow } from '../decision';
import type { RiskAnswer, TradingTerms } from '../entry';
import type { Candle } from '../market/candle';
import type { ScreenedStock } from '../market/screen';
import type { Intent } from '../position';
import type { SessionPlan } from '../session/sessionPlan';
import type { EpochMs, Paise } from '../units';

export interface DayRecord {
  readonly account: string;
  readonly date: string;
  readonly plan: SessionPlan;
  readonly terms: TradingTerms;
  readonly stocks: readonly ScreenedStock[];
  /** In force from that bar on, ascending. */
  readonly configs: readonly { readonly barAt: EpochMs; readonly config: DecisionConfig }[];
  /** Minute candles, ascending, by tradingsymbol; earlier sessions too. */
  readonly candles: ReadonlyMap<string, readonly Candle[]>;
  readonly trails: readonly WhyRow[];
  readonly answers: readonly RiskAnswer[];
  readonly intents: readonly Intent[];
  /** Positions of earlier sessions held over the night. What the account still had of them is an input. */
  readonly carriedIn: readonly Intent[];
  /** Profit after charges of the closed positions, by intent. */
  readonly netPnl: ReadonlyMap<string, Paise>;
}
