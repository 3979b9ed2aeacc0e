// Whatever judges a recorded day. Ratchet's own decisions and those of a user's strategy go through the same door.
import { Refused } from '../../domain/errors';
import { readCalendar } from '../../infra/config/sections/calendar';
import type { RatchetConfig } from '../../infra/config/config';
import { dayTerms } from '../index';
import { judgeDay, type JudgedBar } from '../judgedDay';
import type { RecordedDay } from '../recordedDay';
import type { SignalModel } from '../signalModel';
import { paise } from '../../domain/units';

export type Judge = (recorded: RecordedDay, config: RatchetConfig) => Promise<readonly JudgedBar[]>;

/** The live indicators, agents and decision. @param warmUp sessions of history; as live, where it is absent. */
export const liveJudge =
  (model: SignalModel | null, warmUp?: number): Judge =>
  async (recorded, config) => {
    const terms = { config, model, cash: paise(100_000_000), seed: 7, randomRuns: 0 };
    const { stocks, entryDay } = dayTerms(recorded, { ...terms, marketOf: noMarket });
    const { bars } = await judgeDay(recorded, {
      ...{ plan: entryDay.plan, stocks, config: config.decision, model },
      calendar: readCalendar(config.calendar),
      ...(warmUp === undefined ? {} : { warmUp }),
    });
    return bars;
  };

function noMarket(date: string): never {
  throw new Refused({ code: 'REPLAY_DATE', message: `${date} is judged and not traded` });
}
