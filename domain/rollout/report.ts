// What a model server reports of a rollout to operators, and to the modelRollout workflow that judges it.
import type { Agreement } from './agreement';
import type { StepEvidence } from './judge';
import type { Rollout, Verdict } from './rollout';

export interface RolloutReport extends Rollout {
  /** Share of the traffic, 0…1, the candidate answers now. */
  readonly share: number;
  readonly evidence: StepEvidence & { readonly eValue: number };
  readonly agreement: Agreement;
  /** The judge's verdict now; absent once the rollout has ended. */
  readonly verdict?: Verdict | undefined;
}

/** How well the shadow agrees, in words. */
export function agreementSentence({ pairs, meanDifference, opposed }: Agreement): string {
  if (pairs === 0) return 'no answers were compared';
  const share = ((100 * opposed) / pairs).toFixed(2);
  return `${pairs} answers compared: ${meanDifference.toPrecision(2)} apart on average, ${share} % opposed`;
}
