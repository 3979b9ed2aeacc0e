// Whatever judges a recorded day. Ratchet's own decisions and those of a user's strategy go through the same door.
import { paise } from '../../domain/units';
import type { RatchetConfig } from '../../infra/config/config';
import { dayTerms } from '../dayTerms';
import { judgeDay, type JudgedBar } from '../judgedDay';
import type { RecordedDay } from '../recordedDay';
import type { SignalModel } from '../signalModel';
import { OpenedConfigs } from './openedVoters';

export type Judge = (recorded: RecordedDay, config: RatchetConfig) => Promise<readonly JudgedBar[]>;

/** The live indicators, strategies and decision. @param warmUp sessions of history; as live, where it is absent. */
export function liveJudge(model: SignalModel | null, warmUp?: number): Judge {
  const opened = new OpenedConfigs();
  return async (recorded, config) => {
    const { voters, decision } = await opened.of(config);
    const { calendar, stocks, entryDay } = dayTerms(recorded, {
      config,
      cash: paise(100_000_000),
      seed: 7,
    });
    const { bars } = await judgeDay(recorded, {
      ...{ plan: entryDay.plan, stocks, calendar, config: decision, model, voters },
      ...(warmUp === undefined ? {} : { warmUp }),
    });
    return bars;
  };
}
