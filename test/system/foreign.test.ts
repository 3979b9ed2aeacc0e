// Goal: another account of the machine that reaches Temporal's port can neither place nor change an order, nor stop
// the day without somebody being told; what it ends is taken up again. Method: the real system, attacked with the
// Temporal CLI as nobody (where the test runs as root), by HTTP as a web page, and with payloads copied from histories.
import { execFile } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { readToolchain } from '../../infra/checkout';
import type { DayView } from '../../workflows/messages';
import { LiveSystem } from '../support/liveSystem';
import { eventually, newHome, ratchet } from '../support/ratchet';

const systemMs = 10 * 60_000;
const isRoot = process.getuid?.() === 0;
const nobody = isRoot ? { uid: 65_534, gid: 65_534 } : {};

describe('somebody who reaches Temporal', () => {
  const home = newHome();
  const tools = mkdtempSync(join(tmpdir(), 'ratchet-attack-'));
  const cli = join(tools, 'temporal');
  let system: LiveSystem;
  let address: string;

  beforeAll(async () => {
    chmodSync(tools, 0o755);
    copyFileSync(readToolchain().temporal ?? '', cli);
    chmodSync(cli, 0o755);
    const stocks = ['TENA', 'TENB', 'TENC'].map((tradingsymbol) => ({ tradingsymbol, price: 10 }));
    system = await LiveSystem.start(home, stocks);
    address = system.environment['TEMPORAL_ADDRESS'] ?? '';
  }, systemMs);
  afterAll(async () => {
    expect(await system.stop()).toEqual([]);
    rmSync(tools, { recursive: true, force: true });
  }, systemMs);

  /** The CLI as nobody, in an environment with nothing of ours. */
  const attack = (...args: string[]): Promise<{ code: number; text: string }> =>
    new Promise((settle) => {
      const all = ['workflow', ...args, '--address', address, '--namespace', 'ratchet'];
      const options = { ...nobody, cwd: tools, env: { HOME: tools, PATH: '/usr/bin:/bin' } };
      execFile(cli, all, options, (error, stdout, stderr) =>
        settle({ code: Number(error?.code ?? 0), text: stdout + stderr }),
      );
    });
  /** Why, in the alert's words, once it was raised so many times. */
  const toldTimes = async (type: string, workflow: string, times: number): Promise<string> =>
    eventually(async () => {
      const { rows } = await system.pool.query<{ why: string }>(
        `select body ->> 'why' as why from alert where type = $1 and body ->> 'workflow' = $2`,
        [type, workflow],
      );
      return rows[times - 1]?.why;
    }, systemMs);
  const told = (type: string, workflow: string): Promise<string> => toldTimes(type, workflow, 1);

  test(
    'a forged position fails before it begins, orders nothing, and somebody is told',
    async () => {
      const workflowId = 'position-paper-FORGED1';
      const intent = { intentId: 'FORGED1', account: 'paper', quantity: 2_500 };
      const input = JSON.stringify({ terms: { intent }, dayWorkflowId: 'x' });
      const to = ['--type', 'position', '--task-queue', 'orders-paper'];
      const started = await attack('start', ...to, '--workflow-id', workflowId, '--input', input);
      expect(started.code).toBe(0);
      expect(await told('message.foreign', workflowId)).toBe('it is not encrypted');
      const handle = system.client.workflow.getHandle(workflowId);
      await expect(handle.result()).rejects.toMatchObject({
        cause: { type: 'MESSAGE_REFUSED' },
      });
      expect(await system.ordersOf('FORGED1')).toEqual([]);
    },
    systemMs,
  );

  test(
    'a position and its day go on through every message that is not ours; nothing of them can be read',
    async () => {
      const position = await system.openPosition({
        intentId: 'R261120AT1',
        tradingsymbol: 'TENA',
        direction: 'LONG',
      });
      expect((await ratchet(['day', 'start', '--json'], home)).code).toBe(0);
      const day = await dayId();
      const forged: readonly (readonly [string, string, string | null])[] = [
        [
          position.workflowId,
          'crossed',
          '{"seq":9007199254740991,"epoch":9007199254740991,"path":[]}',
        ],
        [position.workflowId, 'leave', '{"reason":"operator"}'],
        [position.workflowId, 'leave', 'null'],
        [position.workflowId, 'orderHint', null],
        [day, 'positionReport', 'null'],
        [day, 'reconcile', null],
      ];
      for (const [id, name, input] of forged) {
        const body = input === null ? [] : ['--input', input];
        expect((await attack('signal', '-w', id, '--name', name, ...body)).code).toBe(0);
      }
      for (const [id, name] of [
        [position.workflowId, 'close'],
        [day, 'closeAll'],
        [day, 'resume'],
        [day, 'halt'],
      ] as const) {
        const answer = await attack('update', 'execute', '-w', id, '--name', name);
        expect(answer.code).not.toBe(0);
      }
      await attack('cancel', '-w', position.workflowId);
      await attack('cancel', '-w', day);
      const asked = await attack('query', '-w', position.workflowId, '--type', 'position');
      const history = await attack('show', '-w', position.workflowId, '--output', 'json');
      for (const { text } of [asked, history])
        expect(text).not.toMatch(
          /R261120AT1[^"]*"[^"]*quantity|entryLimit|stopDistance|confirmedStop/,
        );
      await system.setPrice('TENA', position.first.entryPrice / 100 + 1);
      await eventually(async () => {
        const { confirmedStop, phase } = await position.view();
        return (phase === 'protected' && confirmedStop === position.first.entryPrice) || undefined;
      }, systemMs);
      await eventually(
        async () => ((await position.view()).droppedMessages ?? 0) >= 4 || undefined,
        systemMs,
      );
      const status = await ratchet(['day', 'status', '--json'], home);
      expect(JSON.parse(status.stdout)).toMatchObject({ entriesHalted: false, droppedMessages: 2 });
    },
    systemMs,
  );

  test(
    'what was ours once is not ours twice: copied payloads send no second entry and are no message',
    async () => {
      const intentId = 'R261120BT1';
      const position = await system.openPosition({
        intentId,
        tradingsymbol: 'TENB',
        direction: 'SHORT',
      });
      const { workflowId } = position;
      const { history } = await raw().then(({ workflowService }) =>
        workflowService.getWorkflowExecutionHistory({
          namespace: 'ratchet',
          execution: { workflowId },
        }),
      );
      const begun = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
      const { workflowService } = await raw();
      await workflowService.signalWorkflowExecution({
        namespace: 'ratchet',
        workflowExecution: { workflowId },
        signalName: 'leave',
        input: begun?.input ?? null,
      });
      await eventually(
        async () => ((await position.view()).droppedMessages ?? 0) >= 1 || undefined,
        systemMs,
      );
      expect((await position.view()).phase).toBe('protected');
      await attack('terminate', '-w', workflowId);
      await workflowService.startWorkflowExecution({
        namespace: 'ratchet',
        workflowId,
        requestId: 'again',
        workflowType: { name: 'position' },
        taskQueue: { name: 'orders-paper' },
        input: begun?.input ?? null,
      });
      await eventually(
        async () => ((await position.view()).phase === 'protected' ? true : undefined),
        systemMs,
      );
      const own = await system.ordersOf(intentId);
      expect(own.filter(({ transaction_type: side }) => side === 'SELL')).toHaveLength(1);
    },
    systemMs,
  );

  test(
    'who ends the day and a position is noticed; the day is begun anew and takes the position up',
    async () => {
      const position = await system.openPosition({
        intentId: 'R261120CT1',
        tradingsymbol: 'TENC',
        direction: 'LONG',
      });
      const day = await dayId();
      // The second is seen by a later look, so the first one has seen the position at work.
      for (const times of [1, 2]) {
        await attack('terminate', '-w', day);
        await toldTimes('day.stuck', day, times);
        await eventually(async () => {
          const { status } = await system.client.workflow.getHandle(day).describe();
          return status.name === 'RUNNING' || undefined;
        }, systemMs);
      }
      // Its own comparison with the books is over, and the next is minutes away.
      await eventually(async () => {
        const { phase } = await system.client.workflow.getHandle(day).query<DayView>('day');
        return ['waiting', 'trading'].includes(phase) || undefined;
      }, systemMs);
      await attack('terminate', '-w', position.workflowId);
      expect(await told('position.ended', position.workflowId)).toContain('terminated');
      await eventually(
        async () => ((await position.view()).phase === 'protected' ? true : undefined),
        systemMs,
      );
      const own = await system.ordersOf('R261120CT1');
      expect(own.map((order) => order.transaction_type)).toEqual(['BUY', 'SELL']);
    },
    systemMs,
  );

  test('no page in the user’s browser gets an answer from any door of Temporal', async () => {
    const ports = portsOf(system.process('Temporal'));
    expect(ports.length).toBeGreaterThan(2);
    const page = {
      host: 'evil.example',
      origin: 'https://evil.example',
      'content-type': 'text/plain',
    };
    const path = '/api/v1/namespaces/ratchet/workflows/position-paper-FORGED2';
    const guessed = ports.filter(({ host }) => host === '127.0.0.1' || host === '0.0.0.0');
    for (const { port } of guessed) {
      expect(await statusOf(port, 'POST', path, page)).not.toBe(200);
      expect(await statusOf(port, 'GET', '/api/v1/namespaces', page)).not.toBe(200);
    }
    const ui = Number(new URL(system.temporalUi).port);
    expect(await statusOf(ui, 'GET', '/api/v1/namespaces', page)).toBe(421);
    expect(await statusOf(ui, 'GET', '/api/v1/namespaces', { host: `127.0.0.1:${ui}` })).toBe(200);
    const forged = system.client.workflow.getHandle('position-paper-FORGED2');
    await expect(forged.describe()).rejects.toThrow();
  });

  /** The day's workflow, once it has opened its session. */
  const dayId = (): Promise<string> =>
    eventually(async () => {
      const { rows } = await system.pool.query<{ date: string | null }>(
        `select to_char(max(date), 'YYYY-MM-DD') as date from session`,
      );
      const date = rows[0]?.date ?? null;
      return date === null ? undefined : `day-paper-${date}`;
    }, systemMs);

  let opened: Promise<Connection> | undefined;
  /** A client that knows neither key nor stamp. */
  const raw = (): Promise<Connection> => (opened ??= Connection.connect({ address }));
  afterAll(async () => (await opened)?.close());
});

function statusOf(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<number | undefined> {
  return new Promise((settle) => {
    const one = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      answer.resume();
      settle(answer.statusCode);
    });
    // gRPC hangs up on HTTP/1.
    one.on('error', () => settle(undefined));
    one.end(method === 'POST' ? '{"workflowType":{"name":"position"}}' : '');
  });
}

/** Where a process listens, from the kernel's tables. */
function portsOf(pid: number): readonly { readonly host: string; readonly port: number }[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && sockets.has(fields[9] ?? ''))
    .map((fields) => {
      const [host = '', port = ''] = (fields[1] ?? '').split(':');
      const bytes = host.match(/../g)?.toReversed() ?? [];
      return { host: bytes.map((byte) => parseInt(byte, 16)).join('.'), port: parseInt(port, 16) };
    });
}
