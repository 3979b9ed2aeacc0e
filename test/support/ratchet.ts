// Runs the `ratchet` command as a user would, in a home of its own, with its output kept.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** Real market data, where the machine has it. */
export const sharedNse = join(
  process.env['RATCHET_SHARED_DATA'] ?? join(root, '..', 'shared', 'data'),
  'nse',
);
export const hasSharedData = existsSync(join(sharedNse, 'minute', 'core'));

export const newHome = (): string => mkdtempSync(join(tmpdir(), 'ratchet-test-'));

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandResult>;
  stdout(): string;
}

/** @param typed what the person types. */
export function startRatchet(
  args: readonly string[],
  home: string,
  env: NodeJS.ProcessEnv = {},
  typed = '',
): StartedCommand {
  const child = spawn(process.execPath, [join(root, 'infra/setup/ratchet.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, RATCHET_HOME: home, ...env },
    stdio: 'pipe',
  });
  child.stdin.end(typed);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<CommandResult>((settle) =>
    child.on('close', (code) => settle({ code, stdout, stderr })),
  );
  return { child, ended, stdout: () => stdout };
}

export const ratchet = (
  args: readonly string[],
  home: string,
  env: NodeJS.ProcessEnv = {},
  typed = '',
): Promise<CommandResult> => startRatchet(args, home, env, typed).ended;

/** Runs the command from its sources, which need no build. @param env all that it is told. */
export const sourceRatchet = (
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<CommandResult> =>
  new Promise((settle) => {
    const command = ['-r', join(root, 'infra/sourceHook.cjs'), join(root, 'cli/main.ts'), ...args];
    execFile(process.execPath, command, { env }, (error, stdout, stderr) =>
      settle({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });

/** Allows entries again as a person does: looks at the halt, then confirms it. */
export async function resumeEntries(
  home: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<unknown> {
  const shown = await ratchet(['resume', '--json', ...args], home, env);
  const { confirm } = JSON.parse(shown.stdout) as { confirm: string };
  const confirmed = ['--reason', 'a test', '--confirm', confirm];
  const { stdout } = await ratchet(['resume', '--json', ...confirmed, ...args], home, env);
  return JSON.parse(stdout);
}

/** Processes whose command line names the folder: what a run has left behind. */
export function processesOf(folder: string): string[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    })
    .filter((command) => command.includes(folder));
}

/** Waits for a condition; the deadline is generous and only there to end a broken run. */
export async function eventually<T>(
  probe: () => Promise<T | undefined> | T | undefined,
  deadlineMs = 90_000,
): Promise<T> {
  for (const end = Date.now() + deadlineMs; ;) {
    const value = await Promise.resolve()
      .then(probe)
      .catch(() => undefined);
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error('the condition did not come true in time');
    await new Promise((settle) => setTimeout(settle, 100));
  }
}

/** Every file under a folder. */
export const filesUnder = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

/** Processes of a home: by their command line or their environment. */
function processesNaming(home: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const told = ['cmdline', 'environ'].map((file) => `/proc/${pid}/${file}`);
      try {
        return told.some((file) => existsSync(file) && readFileSync(file, 'utf8').includes(home))
          ? [Number(pid)]
          : [];
      } catch {
        return [];
      }
    });
}

/** The plug is pulled: nothing of a home lives on. */
export async function killEverythingOf(home: string): Promise<void> {
  for (const pid of processesNaming(home)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone with the others.
    }
  }
  await eventually(() => processesNaming(home).length === 0 || undefined);
}
