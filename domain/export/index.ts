// What is handed to a person's accountant: closed trades, charges and the ledger of a span of sessions.
import { costedFills, type BookedCost, type ExportedFill } from './costs';
import { chargesTable, ledgerTable, tradesTable, type ExportTable, type LedgerRow } from './tables';
import { closedTrades } from './trades';

export { costKinds, type BookedCost, type CostKind, type ExportedFill } from './costs';
export type { ExportTable, LedgerRow } from './tables';

/** What the records hold of a span of sessions. */
export interface ExportRecords {
  /** All fills of every position that traded in the span, as far as its end. */
  readonly fills: readonly ExportedFill[];
  readonly booked: readonly BookedCost[];
  /** Orders whose costs are booked. */
  readonly settled: ReadonlySet<string>;
  readonly ledger: readonly LedgerRow[];
}

export interface Export {
  readonly trades: ExportTable;
  readonly charges: ExportTable;
  readonly ledger: ExportTable;
  /** Positions left out, since not everything they have executed is settled yet. */
  readonly unsettled: readonly string[];
}

/** @param from the span's first session; its last is the last of the records. */
export function exportOf(records: ExportRecords, from: string): Export {
  const { fills, booked, settled, ledger } = records;
  const unsettled = new Set(
    fills.filter(({ orderId }) => !settled.has(orderId)).map(({ intentId }) => intentId),
  );
  const costed = costedFills(fills, booked).filter(({ intentId }) => !unsettled.has(intentId));
  return {
    trades: tradesTable(closedTrades(costed).filter(({ closed }) => closed.session >= from)),
    charges: chargesTable(costed.filter(({ session }) => session >= from)),
    ledger: ledgerTable(ledger),
    unsettled: [...unsettled],
  };
}
