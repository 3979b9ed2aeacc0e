// How well a shadow agrees with the version that answered, pair by pair on the same input. It is a report for
// the person who decides. Two good models may differ, so disagreement alone condemns neither.

export interface Agreement {
  readonly pairs: number;
  /** Mean and largest absolute difference of the scores. */
  readonly meanDifference: number;
  readonly maxDifference: number;
  /** Pairs on different sides of the middle of the declared range, where the decision itself would differ. */
  readonly opposed: number;
}

export const noAgreement: Agreement = {
  pairs: 0,
  meanDifference: 0,
  maxDifference: 0,
  opposed: 0,
};

/** The report with one more pair. @param middle the middle of the score's range. */
export function addPair(
  agreement: Agreement,
  answered: number,
  shadow: number,
  middle: number,
): Agreement {
  const difference = Math.abs(answered - shadow);
  const pairs = agreement.pairs + 1;
  return {
    pairs,
    meanDifference: agreement.meanDifference + (difference - agreement.meanDifference) / pairs,
    maxDifference: Math.max(agreement.maxDifference, difference),
    opposed: agreement.opposed + (answered >= middle === shadow >= middle ? 0 : 1),
  };
}
