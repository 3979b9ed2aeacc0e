// Where sources about Kite disagree: which reading to follow. It can be changed while the exchange runs.

export interface Quirks {
  /** Is an order update sent when an order becomes OPEN or TRIGGER PENDING? */
  openUpdates: boolean;
  /** Does an autoslice answer hold an array, as the documentation says, or children, as clients parse? */
  autosliceArray: boolean;
}

export const usualQuirks: Readonly<Quirks> = { openUpdates: false, autosliceArray: false };
