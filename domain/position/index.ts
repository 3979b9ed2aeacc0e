// One position, entry to exit, as a pure state machine: events in (`apply`), commands out (`nextCommand`).
export { apply, termsOf, trailingTerms, type PositionEvent } from './events';
export { averagePrice, distinctFills, grossPnl, holdingOf, type Holding } from './holding';
export { nextCommand, type PositionCommand } from './nextCommand';
export { checkClose, checkTighten } from './operator';
export { initialState, type BooksReading, type ExitReason, type PositionState } from './state';
export type { Intent, PositionTerms, PositionTiming } from './terms';
export { viewOf, type PositionPhase, type PositionView } from './view';
