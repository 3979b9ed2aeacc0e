// What is left of a series when rows are left out that a check refuses. A row outside the sessions, or one that is there
// twice with the same values, goes alone. A row whose values cannot be takes its day with it: who wrote it wrote the rest.
import type { RefusedRow, WrittenBar } from '../candleFile';
import { istDayNumber } from '../session/sessionClock';

export function withoutRefused(
  bars: readonly WrittenBar[],
  refused: readonly Pick<RefusedRow, 'bar' | 'because'>[],
): readonly WrittenBar[] {
  const days = new Set(
    refused
      .filter(({ because }) => because === 'value' || because === 'twice')
      .map(({ bar }) => istDayNumber(bar.at)),
  );
  return days.size === 0 ? bars : bars.filter(({ at }) => !days.has(istDayNumber(at)));
}
