// Goal: logs stay within their limits while a process goes on writing into them, nothing of them is missed by
// whoever follows, and `ratchet logs` finds them and names what there is. Method: a real child that appends.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../../infra/checkout';
import { startChild } from '../../../infra/supervisor/childProcess';
import {
  bytesFrom,
  keepRotated,
  lastLines,
  logFileOf,
  loggedProcesses,
  logLimits,
  LogReader,
  rotateLog,
} from '../../../infra/supervisor/logs';
import { eventually } from '../../support/ratchet';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-logs-'));
  file = logFileOf(folder, 'model server');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const textOf = (path: string): string => readFileSync(path, 'utf8');
const older = (age: number): string => `${file}.${age}`;

test('a rotated log begins anew, and only so many older parts are kept', () => {
  for (let part = 1; part <= logLimits.olderMax + 2; part += 1) {
    appendFileSync(file, `part ${part}\n`);
    rotateLog(file);
  }
  expect(textOf(file)).toBe('');
  const last = logLimits.olderMax + 2;
  for (let age = 1; age <= logLimits.olderMax; age += 1)
    expect(textOf(older(age))).toBe(`part ${last - age + 1}\n`);
  expect(existsSync(older(logLimits.olderMax + 1))).toBe(false);
});

test('logs beyond the limit are rotated, those below are left', () => {
  const small = logFileOf(folder, 'worker');
  writeFileSync(small, 'a line\n');
  writeFileSync(file, `${'x'.repeat(logLimits.bytesMax)}\n`);
  keepRotated(folder, (line) => expect(line).toBe(''))();
  expect([statSync(file).size, statSync(small).size]).toEqual([0, 7]);
  expect(statSync(older(1)).size).toBe(logLimits.bytesMax + 1);
});

test('a log that cannot be rotated is told, and the others go on', () => {
  const told: string[] = [];
  mkdirSync(logFileOf(folder, 'worker'));
  utimesSync(logFileOf(folder, 'worker'), 1, 1);
  writeFileSync(file, `${'x'.repeat(logLimits.bytesMax)}\n`);
  mkdirSync(`${file}.copy`);
  keepRotated(folder, (line) => told.push(line))();
  expect(told).toEqual([expect.stringMatching(/model-server\.log could not be rotated: .*EISDIR/)]);
});

test('a child goes on writing into a rotated log, and who follows it misses nothing that is kept', async () => {
  const child = await startChild({
    env: process.env,
    name: 'model server',
    command: process.execPath,
    args: ['-e', 'let n = 0; setInterval(() => console.log(`line ${n += 1}`), 1)'],
    logFile: file,
  });
  const reader = new LogReader(file);
  const seen: string[] = [...lastLines(file, 1_000, reader.at)];
  const follow = (atLeast: number): Promise<true> =>
    eventually(() => {
      seen.push(...reader.lines());
      return seen.length >= atLeast ? true : undefined;
    });
  for (const wanted of [50, 100, 150]) {
    await follow(wanted);
    rotateLog(file);
  }
  await follow(200);
  await child.stop();
  seen.push(...reader.lines());
  expect(`${seen.join('\n')}\n`).toBe([older(3), older(2), older(1), file].map(textOf).join(''));
  const numbers = seen.map((line) => Number(line.slice('line '.length)));
  expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right));
});

test('readiness is read from where the child began, and from the start of a log cut meanwhile', () => {
  writeFileSync(file, 'old\n');
  appendFileSync(file, 'ready\n');
  expect(bytesFrom(file, 4).toString()).toBe('ready\n');
  rotateLog(file);
  appendFileSync(file, 'rdy');
  expect(bytesFrom(file, 4).toString()).toBe('rdy');
});

test('the last lines reach into older parts', () => {
  appendFileSync(file, 'one\ntwo\n');
  rotateLog(file);
  appendFileSync(file, 'three\n');
  expect(lastLines(file, 2, 6)).toEqual(['two', 'three']);
  expect(lastLines(file, 9, 6)).toEqual(['one', 'two', 'three']);
  expect(loggedProcesses(folder)).toEqual(['model-server']);
});

describe('ratchet logs', () => {
  const started = (args: readonly string[], home: string): ReturnType<typeof spawn> =>
    spawn(
      process.execPath,
      [
        '-r',
        join(checkout, 'infra/sourceHook.cjs'),
        join(checkout, 'cli/main.ts'),
        'logs',
        ...args,
      ],
      { env: { ...process.env, RATCHET_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
  interface Heard {
    text: string;
    readonly ended: Promise<number | null>;
    readonly child: ReturnType<typeof spawn>;
  }
  function hear(args: readonly string[], home = folder): Heard {
    const child = started(args, home);
    const heard: Heard = {
      child,
      text: '',
      ended: new Promise((settle) => child.on('close', (code) => settle(code))),
    };
    child.stdout?.on('data', (some: Buffer) => (heard.text += some.toString()));
    child.stderr?.on('data', (some: Buffer) => (heard.text += some.toString()));
    return heard;
  }
  async function said(args: readonly string[], home = folder): Promise<[number | null, string]> {
    const heard = hear(args, home);
    return [await heard.ended, heard.text];
  }
  function logged(run: string, lines: Readonly<Record<string, string>>): string {
    const logs = join(folder, run);
    mkdirSync(logs, { recursive: true });
    for (const [name, text] of Object.entries(lines)) writeFileSync(logFileOf(logs, name), text);
    return logs;
  }

  test('prints all processes of the latest run, or one by its name', async () => {
    const before = logged('runs/1', { supervisor: 'before\n' });
    utimesSync(logFileOf(before, 'supervisor'), 1, 1);
    logged('runs/2', { supervisor: 'up\n', 'model server': 'a\nb\nc\n', worker: 'ready\n' });
    expect(await said(['--lines', '2'])).toEqual([
      0,
      'model-server | b\nmodel-server | c\nsupervisor   | up\nworker       | ready\n',
    ]);
    expect(await said(['model server'])).toEqual([0, 'a\nb\nc\n']);
    expect(await said(['gateway'])).toEqual([
      1,
      'ratchet: no process is called "gateway"; there are logs of model-server, supervisor, worker\n',
    ]);
  });

  test('takes those of a live account by its name, and says where there are none', async () => {
    logged('accounts/mine/logs', { supervisor: 'live\n' });
    expect(await said(['--account', 'mine'])).toEqual([0, 'live\n']);
    expect(await said(['--account', 'other'])).toEqual([
      1,
      'ratchet: account other has not run live on this machine, so it has no logs\n',
    ]);
    rmSync(join(folder, 'accounts'), { recursive: true });
    expect(await said([])).toEqual([
      1,
      'ratchet: nothing has run here yet, so there are no logs\n',
    ]);
  });

  test('follows over a rotation', async () => {
    const logs = logged('runs/1', { supervisor: 'up\n', worker: 'ready\n' });
    const worker = logFileOf(logs, 'worker');
    const heard = hear(['worker', '--follow']);
    const until = (text: string): Promise<true> =>
      eventually(() => (heard.text === text ? true : undefined));
    await until('ready\n');
    appendFileSync(worker, 'one\n');
    await until('ready\none\n');
    appendFileSync(worker, 'two\n');
    rotateLog(worker);
    appendFileSync(worker, 'three\n');
    await until('ready\none\ntwo\nthree\n');
    heard.child.kill();
    await heard.ended;
  });
});
