// One position, entry to exit, as a pure state machine: events in (`apply`), commands out (`nextCommand`).
export { adoptedState, type PositionTraces } from './adoption';
export { booksAnswered, decided, writeAnswered, type WriteCommand } from './answers';
export {
  attribute,
  booksQuestion,
  entryReport,
  type BooksAnswer,
  type BooksQuestion,
  type PartOfBooks,
  type ReadBooks,
} from './attribution';
export { beyondApproved, orderedUnder, type ApprovedEntry } from './beyondApproved';
export { apply, termsOf } from './events';
export type { PositionEvent } from './positionEvent';
export {
  averagePrice,
  correctionTag,
  distinctFills,
  grossPnl,
  holdingOf,
  intentOfTag,
  type Holding,
} from './holding';
export type { PositionCommand } from './command';
export { isResting } from './exitOrder';
export { trailingTerms } from './events';
export { nextCommand } from './nextCommand';
export { checkClose, checkPolicyChange, checkTighten, type PolicyEffect } from './operator';
export {
  exitReasonOf,
  initialState,
  isClosed,
  isOver,
  type BooksReading,
  type ExitReason,
  type ForeignFill,
  type PositionState,
} from './state';
export {
  barEndOf,
  installationOf,
  intentIdOf,
  isIntentTag,
  noInstallation,
  type InstallationId,
} from './tag';
export { isCarried, type Intent, type PositionTerms, type PositionTiming } from './terms';
export { coverReported, lacksCover } from './reported';
export { positionTiming } from './timing';
export { entryName, unknownMaxMs, unknownSince } from './unknown';
export {
  figuresOf,
  refusalOf,
  stopAtRest,
  viewOf,
  type PositionPhase,
  type PositionView,
} from './view';
