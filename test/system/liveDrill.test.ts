// Goal: a live account's bad days on a stand-in, in their short form: what `npm run drill:live` shows holds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { sessionDate } from '../../infra/sessionDate';
import { liveDrill } from '../drills/live/drill';
import { failures, planOf } from '../drills/live/plan';

test(
  'a session that ends at eight moments, a feed that is cut, a worker that stands still, everything killed, a second installation: covered, told, entered once',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ratchet-drill-'));
    const told: string[] = [];
    const plan = { ...planOf(true, 0), folder, date: sessionDate(undefined, nseCalendar), seed: 7 };
    try {
      const result = await liveDrill(plan, (line) => told.push(line));
      expect({ failures: failures(result), told }).toEqual({ failures: [], told });
      expect(result.points).toBeGreaterThanOrEqual(12);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  25 * 60_000,
);
