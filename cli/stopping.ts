// What a live system leaves behind when it is stopped, said before anything stops: by the broker's books, or by
// our records where the broker does not answer. It must not hold the stop up.
import { wordsOf } from '../domain/errors';
import { newestIntentDate, restingAtBroker } from '../activities/broker';
import { recordedPositions } from '../activities/ledger/recordedPositions';
import { restingLines } from '../domain/live/resting';
import { recordedView } from '../domain/portfolio/recordedView';
import { rupees } from './text/output';
import { runningBroker } from './runningBroker';
import { withRecords } from './talk';
import { inTime } from '../workers/switchPaths';

/** Says what rests at the broker. Never throws. */
export async function sayWhatRests(account: string, say: (line: string) => void): Promise<void> {
  const lines = await inTime(
    withRecords(async (pool) =>
      restingLines(await restingAtBroker(pool, runningBroker(), account)),
    ),
  ).catch(async (error: unknown) => [
    `what rests at the broker could not be read: ${wordsOf(error)}`,
    ...(await inTime(recordedLines(account)).catch((failed: unknown) => [
      `our records could not be read either: ${wordsOf(failed)}`,
    ])),
    'look at your positions and orders in the Kite app',
  ]);
  for (const line of lines) say(line);
}

/** Open positions by our records alone. */
function recordedLines(account: string): Promise<readonly string[]> {
  return withRecords(async (pool) => {
    const date = await newestIntentDate(pool, account);
    const views =
      date === null ? [] : (await recordedPositions(pool, account, date)).map(recordedView);
    const open = views.filter(({ phase }) => phase !== 'closed');
    return [
      `our records have ${open.length} open`,
      ...open.map(
        ({ tradingsymbol, direction, quantity, phase, confirmedStop }) =>
          `  ${tradingsymbol} ${direction} ${quantity}: ${phase}, stop ${rupees(confirmedStop)}`,
      ),
    ];
  });
}
