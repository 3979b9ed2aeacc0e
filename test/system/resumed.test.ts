// Goal: a paper run that is killed at once goes on with the next `up`: the exchange is rebuilt from its journal,
// every position is taken up with its stop as it was, and nothing is sent twice.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../support/journalCheck';
import { LiveSystem } from '../support/liveSystem';
import { eventually, newHome, ratchet } from '../support/ratchet';

type OpenedPosition = Awaited<ReturnType<LiveSystem['openPosition']>>;

const systemMs = 10 * 60_000;
const stocks = ['TENA', 'TENB', 'TENC'];

test(
  'kill -9 of everything with three positions open, then up: taken up, stops not looser, nothing twice',
  async () => {
    const home = newHome();
    const start = (): Promise<LiveSystem> =>
      LiveSystem.start(
        home,
        stocks.map((tradingsymbol) => ({ tradingsymbol, price: 10 })),
      );
    const first = await start();
    const opened: OpenedPosition[] = [];
    for (const tradingsymbol of stocks)
      opened.push(
        await first.openPosition({
          intentId: `R261120${tradingsymbol}T1`,
          tradingsymbol,
          direction: tradingsymbol === 'TENB' ? 'SHORT' : 'LONG',
        }),
      );
    await first.setPrice('TENA', (opened[0]?.first.entryPrice ?? 0) / 100 + 1);
    await eventually(async () => {
      const view = await opened[0]?.view();
      return view?.confirmedStop === view?.desiredStop && view?.confirmedStop === view?.entryPrice
        ? true
        : undefined;
    }, systemMs);
    const { folder } = first;
    const rested = await Promise.all(opened.map(({ view }) => view()));
    await first.killAll();

    const second = await start();
    expect(second.folder).toBe(folder);
    const again = await eventually(
      () =>
        Promise.all(
          opened.map(({ workflowId }) =>
            second.client.workflow.getHandle(workflowId).query<(typeof rested)[0]>('position'),
          ),
        ),
      systemMs,
    );
    expect(again.map(({ phase, confirmedStop }) => [phase, confirmedStop])).toEqual(
      rested.map(({ confirmedStop }) => ['protected', confirmedStop]),
    );
    expect(await ratchet(['close-all', '--json'], home)).toMatchObject({ code: 0 });
    await Promise.all(
      opened.map(({ workflowId }) => second.client.workflow.getHandle(workflowId).result()),
    );
    const verdict = judge(readFileSync(join(folder, 'exchange-journal.jsonl'), 'utf8'), Infinity);
    expect(verdict).toMatchObject({ violations: [], intents: stocks.length });
    expect(await second.stop()).toEqual([]);
  },
  2 * systemMs,
);
