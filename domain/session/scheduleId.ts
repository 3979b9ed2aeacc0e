/** The account's one schedule, which starts its trading days. */
export const scheduleIdOf = (account: string): string => `trading-day-${account}`;
