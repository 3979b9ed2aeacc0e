/**
 * Search attributes that workflows set, with their Temporal types. They are registered when a server starts.
 */
export const searchAttributeTypes = {
  RatchetAccount: 'Keyword',
  RatchetDate: 'Keyword',
  RatchetPhase: 'Keyword',
  RatchetSymbol: 'Keyword',
  RatchetDirection: 'Keyword',
  RatchetStop: 'Double',
  RatchetTarget: 'Double',
  RatchetPnl: 'Double',
} as const;
