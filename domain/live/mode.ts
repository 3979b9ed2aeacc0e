// What is at stake, as a word: whose prices are traded on, and whether orders are real.

/** paper: nothing is real. shadow: prices are real and orders are not. live: both are, with real money. */
export const modes = ['paper', 'shadow', 'live'] as const;
export type Mode = (typeof modes)[number];

/** How every page, message and status line begins. @param mode left out where it is not recorded. */
export const headline = (mode: string | null | undefined, account: string): string =>
  `${mode === null || mode === undefined ? '' : `${mode.toUpperCase()} `}account ${account}`;

/** @param date null before the first session. */
export const dayHeadline = (
  mode: string | null | undefined,
  account: string,
  date: string | null,
): string => `${headline(mode, account)}, ${date === null ? 'no session yet' : `session ${date}`}`;

/** Does it read the account at the broker, and so need a person's login? */
export const needsLogin = (mode: Mode): boolean => mode !== 'paper';
