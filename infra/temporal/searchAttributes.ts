/** Search attributes the workflows set, with their Temporal types; registered when a server is made. */
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
