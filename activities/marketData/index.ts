// Market data for the trading day: the session's plan, the screened stocks, and the judgement of a bar.
export { compareDay } from './candleComparison';
export { createBandActivities, type BandActivities } from './bands';
export {
  createDayActivities,
  type AnalysedBar,
  type DayActivities,
  type OpenedSession,
} from './dayActivities';
export { createEntryActivities, type EntryActivities, type EntryQuestion } from './entryCheck';
export { withKeptLists } from './lists';
