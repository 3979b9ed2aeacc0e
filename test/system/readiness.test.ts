// Goal: a check that fails when the day begins keeps it from entering anything, says which and what to do, and is
// forgotten by itself once it holds. The whole stack on paper, with an exchange that has no lists for a while.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, newHome, processesOf, ratchet, startRatchet } from '../support/ratchet';
import type { StartedCommand } from '../support/ratchet';
import type { DayView } from '../../workflows/messages';

const systemMs = 5 * 60_000;
const stocks = [
  { tradingsymbol: 'INFY', price: 1_500 },
  { tradingsymbol: 'TCS', price: 3_000 },
];

describe('a day that is not ready', () => {
  const home = newHome();
  let command: StartedCommand;
  let exchange = '';
  let paperToken = '';

  beforeAll(async () => {
    const args = ['up', '--scripted', JSON.stringify(stocks), '--speed', '30'];
    command = startRatchet(args, home);
    const line = await eventually(
      () =>
        command
          .stdout()
          .split('\n')
          .find((one) => one.startsWith('{')),
      systemMs,
    );
    exchange = (JSON.parse(line) as { exchange: string }).exchange;
    const running = readFileSync(join(home, 'running.json'), 'utf8');
    const { environment } = JSON.parse(running) as { environment: Record<string, string> };
    paperToken = environment['RATCHET_PAPER_TOKEN'] ?? '';
  }, systemMs);

  afterAll(async () => {
    command.child.kill('SIGINT');
    await command.ended;
    expect(processesOf(home)).toEqual([]);
  }, systemMs);

  const faults = (method: string, body?: object): Promise<Response> =>
    fetch(`${exchange}/paper/faults`, {
      method,
      headers: { 'content-type': 'application/json', 'x-paper-token': paperToken },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const dayWhere = (holds: (view: DayView) => boolean): Promise<DayView> =>
    eventually(async () => {
      const { stdout } = await ratchet(['day', 'status', '--json'], home);
      const view = JSON.parse(stdout) as DayView;
      return holds(view) ? view : undefined;
    }, systemMs);
  const alerts = async (): Promise<readonly string[]> => {
    const { stdout } = await ratchet(['alerts', 'list', '--json'], home);
    return (JSON.parse(stdout) as { type: string }[]).map(({ type }) => type);
  };

  test(
    'is told by line and remedy, enters nothing, and is ready again by itself',
    async () => {
      await faults('POST', { kind: 'server-error', status: 503, on: 'instruments' });
      expect((await ratchet(['day', 'start'], home)).code).toBe(0);
      const blocked = await dayWhere(({ notReady = [] }) => notReady.length > 0);
      expect(blocked.notReady).toMatchObject([{ id: 'lists' }]);
      expect((await ratchet(['day', 'status'], home)).stdout).toMatch(
        /not ready, so nothing is entered: lists: the list of .* could not be read/,
      );
      await faults('DELETE');
      const ready = await dayWhere(
        ({ phase, notReady = [] }) => notReady.length === 0 && phase !== 'screening',
      );
      expect(ready).toMatchObject({ entriesHalted: false, waitingForLogin: null });
      await eventually(async () => ((await alerts()).includes('day.ready') ? true : undefined));
      const told = (await alerts()).filter((type) => /^day\.(not_)?ready$/.test(type));
      expect(told).toEqual(['day.not_ready', 'day.ready']);
    },
    systemMs,
  );
});
