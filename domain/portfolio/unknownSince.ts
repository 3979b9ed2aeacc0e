// Positions as they are shown while the broker's session is lost: what its books said before may be false by now.
import type { SessionLoss } from '../brokerSession';
import type { PositionPhase } from '../position';
import type { EpochMs } from '../units';
import type { RecordedView } from './recordedView';

export type ShownView = Omit<RecordedView, 'phase'> & {
  readonly phase: PositionPhase | 'unknown';
  /** Host clock; null where it is known. */
  readonly unknownSince: EpochMs | null;
};

/** Only what is closed stays as it was. */
export const shownDuring = (view: RecordedView, loss: SessionLoss | null): ShownView =>
  loss === null || view.phase === 'closed'
    ? { ...view, unknownSince: null }
    : { ...view, phase: 'unknown', confirmedStop: null, unknownSince: loss.since };
