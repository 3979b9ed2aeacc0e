// Is the account ready to trade? One line for each check; what blocks entries is among them.
import { checks, type Check, type CheckClass, type CheckId } from './checks';
import type { ReadinessFacts, ReadinessNeeds } from './facts';

export { checks, type CheckId } from './checks';
export { clockBounds, isClockDecided, type ClockBounds, type ClockSample } from './clock';
export {
  known,
  unknown,
  type AddressFact,
  type FolderFact,
  type Known,
  type ListsFact,
  type OtherInstallation,
  type ReadinessFacts,
  type ReadinessNeeds,
  type ReceiverFact,
} from './facts';
export {
  bookedProbe,
  lostProbe,
  probeOrder,
  sentProbe,
  type ProbeResult,
  type ProbeStock,
} from './probeOrder';

/** JSON-plain. */
export interface ReadinessLine {
  readonly id: CheckId;
  readonly ok: boolean;
  /** What a fault does: A blocks entries, B blocks nothing. */
  readonly class: CheckClass;
  readonly found: string;
  /** null where nothing is wrong. */
  readonly remedy: string | null;
}

/** Every check that applies, in the table's order. */
export const readinessOf = (
  facts: ReadinessFacts,
  needs: ReadinessNeeds,
): readonly ReadinessLine[] =>
  Object.entries(checks as Readonly<Record<CheckId, Check>>).flatMap(([id, check]) => {
    const verdict = check.judge(facts, needs);
    if (verdict === null) return [];
    const { kind, found } = verdict;
    const ok = kind === 'holds';
    return {
      id: id as CheckId,
      ok,
      class: kind === 'warns' ? ('B' as const) : check.class,
      found,
      remedy: ok ? null : (verdict.remedy ?? check.remedy),
    };
  });

/** The lines for which nothing is entered. */
export const blockersOf = (lines: readonly ReadinessLine[]): readonly ReadinessLine[] =>
  lines.filter((line) => !line.ok && line.class === 'A');
