// Everything that talks to the broker's REST API.
export { askedAgain } from './askedAgain';
export { BooksReader, type AccountBooks } from './booksReader';
export {
  createBrokerActivities,
  type BrokerActivities,
  type BrokerDependencies,
  type LastPrice,
} from './brokerActivities';
export { createEntryGuard } from './entryGuard';
export { WriteGate } from './gate';
export { intentRecords } from './intentRecords';
export { failureOf } from './outcome';
export { bandOf, equityMargins, positionRows, quoteRows } from './rows';
export { createWriteLog } from './writeLog';
export { cancelEntriesDirect, closeAllDirect, type DirectResult } from './direct';
export {
  createReconcileActivities,
  type Adoptable,
  type PositionWorkflows,
  type ReconcileActivities,
  type Reconciliation,
} from './reconcile';
