// Step 12 of the day (docs/trading-day.md): the report, one self-contained HTML file, and the facts behind
// it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { headSentence } from '../../domain/audit/verdict';
import { formatRupees } from '../../domain/units';
import { dayFacts } from './dayFacts';
import { reportPage } from './page';

export { headsInReport } from './auditSection';
export { dayRecord } from './dayRecord';
export { dayFacts, type DayFacts, type PositionFacts, type TradeFacts } from './dayFacts';

export interface ReportSummary {
  readonly path: string;
  readonly trades: number;
  readonly pnlAfterCharges: string;
}

export interface ReportActivities {
  writeReport(account: string, date: string): Promise<ReportSummary>;
}

/**
 * @param compare compares the day's candles with the broker's; what it fails at is left out of the report.
 * @param note hears up to where the records are sealed, to write it down outside the database.
 */
export function createReportActivities(
  pool: Pool,
  folder: string,
  compare: (account: string, date: string) => Promise<void> = () => Promise.resolve(),
  note: (line: string) => void = () => undefined,
): ReportActivities {
  return {
    writeReport: async (account, date) => {
      await compare(account, date).catch((error: unknown) =>
        console.warn('candles were not compared:', error instanceof Error ? error.message : error),
      );
      const facts = await dayFacts(pool, account, date);
      mkdirSync(folder, { recursive: true });
      const path = join(folder, `report-${account}-${date}.html`);
      writeFileSync(path, reportPage(facts));
      for (const head of facts.audit) note(`${date}: ${headSentence(head)}`);
      return { path, trades: facts.trades.length, pnlAfterCharges: formatRupees(facts.netPnl) };
    },
  };
}
