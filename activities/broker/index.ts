// The order, books and kill-switch activities of an account.
export { askedAgain } from './askedAgain';
export { BooksReader } from './booksReader';
export {
  createBrokerActivities,
  type BrokerActivities,
  type BrokerDependencies,
} from './brokerActivities';
export type { LastPrice } from './lastPrice';
export { createEndOfDayActivities, type EndOfDayActivities } from './endOfDay';
export { createEntryGuard } from './entryGuard';
export { guardedBySession, SessionWatch, type SessionListener } from './sessionWatch';
export { recordedLoss, SessionRecord } from './sessionRecord';
export { WriteGate } from './gate';
export { intentRecords } from './intentRecords';
export { createWriteLog } from './writeLog';
export { newestIntentDate, restingAtBroker } from './resting';
export { cancelEntriesDirect, closeAllDirect, type DirectResult } from './direct';
export {
  createReconcileActivities,
  type Adoptable,
  type PositionWorkflows,
  type ReconcileActivities,
  type Reconciliation,
} from './reconcile';
