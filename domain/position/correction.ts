// Two exits have filled where one was meant, so the account holds the opposite of what was intended. This
// happens only when a stop of unknown outcome fills after its replacement. The surplus is bought (or sold)
// back at once, by an order with a tag of its own, which is never mistaken for an entry.
import { shares, type EpochMs, type Shares } from '../units';
import { wait, waitForNews, type PositionCommand } from './command';
import { exitPricing, exitRequest, mirrored } from './exitOrder';
import { correctionTag, type Holding } from './holding';
import { isInTransit, lookAgain, makeMarketable } from './liveOrder';
import type { PositionState } from './state';
import type { PositionTerms } from './terms';

export function correctOverExit(
  terms: PositionTerms,
  state: PositionState,
  { open, liveExits, liveCorrections }: Holding,
  now: EpochMs,
): PositionCommand {
  const { timing } = terms;
  const [exit] = liveExits;
  if (exit !== undefined)
    return { kind: 'cancel', orderId: exit.orderId, why: 'more has been sold than was held' };
  const [order] = liveCorrections;
  const { unseen, modifiedAt } = state.exit;
  const placed = unseen.findLast(({ tag }) => tag === correctionTag(terms.intent));
  const due = (modifiedAt ?? 0) + timing.repriceMs;
  if (order !== undefined) {
    if (isInTransit(order)) return lookAgain(terms, state, now);
    if (now < due) return wait(due);
    const total = shares(-open + order.filledQuantity);
    return makeMarketable(terms, state, order, request(terms, state, total));
  }
  if (placed !== undefined && now < placed.at + timing.stopDoubtMs)
    return wait(placed.at + timing.stopDoubtMs);
  // The exchange takes no more orders of this product. The alarm was raised when the surplus appeared.
  if (now >= terms.cutOffAt) return waitForNews();
  return { kind: 'placeExit', order: request(terms, state, shares(-open)) };
}

function request(
  { intent }: PositionTerms,
  { aim, books }: PositionState,
  quantity: Shares,
): Extract<PositionCommand, { kind: 'placeExit' }>['order'] {
  const opposite = mirrored(intent);
  const attempt = aim.kind === 'leave' ? aim.pricings : 0;
  const pricing = exitPricing(opposite, books?.ltp ?? intent.entryLimit, attempt);
  return { ...exitRequest(opposite, quantity, pricing), tag: correctionTag(intent) };
}
