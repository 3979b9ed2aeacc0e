// A Python with given packages, for tests that drive the official clients. The environment is created once
// under ~/.cache/ratchet/python/<name> and used by every checkout. It is created aside and then renamed, so
// that two test workers never see half of one. Without Python or a package index the test is skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const root = join(homedir(), '.cache', 'ratchet', 'python');
const madeFrom = 'requirements.txt';

/**
 * The interpreter of an environment that holds exactly these requirements (`package==1.2.3`), or
 * undefined where none can be made; the reason is then written to the console. `RATCHET_PYTHON` names
 * the Python to make it with.
 */
export function pythonWith(name: string, requirements: readonly string[]): string | undefined {
  const folder = join(root, name);
  const wanted = `${requirements.join('\n')}\n`;
  if (isMadeFrom(folder, wanted)) return interpreterIn(folder);
  const why = reasonOf(() => make(folder, wanted, requirements));
  if (why === undefined) return interpreterIn(folder);
  console.warn(`tests with Python (${requirements.join(', ')}) are skipped: ${why}`);
  return undefined;
}

/** A folder that cannot be written is a reason too. */
function reasonOf(attempt: () => string | undefined): string | undefined {
  try {
    return attempt();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const interpreterIn = (folder: string): string => join(folder, 'bin', 'python');

const isMadeFrom = (folder: string, wanted: string): boolean =>
  existsSync(interpreterIn(folder)) &&
  existsSync(join(folder, madeFrom)) &&
  readFileSync(join(folder, madeFrom), 'utf8') === wanted;

/** Why it could not be made, or undefined when it is there. */
function make(folder: string, wanted: string, requirements: readonly string[]): string | undefined {
  const aside = `${folder}.${process.pid}`;
  mkdirSync(root, { recursive: true });
  const python = process.env['RATCHET_PYTHON'] ?? 'python3';
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const why =
    failureOf(python, ['-m', 'venv', aside]) ??
    failureOf(interpreterIn(aside), [...install, '--retries', '1', ...requirements]);
  if (why === undefined) {
    writeFileSync(join(aside, madeFrom), wanted);
    if (!isMadeFrom(folder, wanted)) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(aside, folder);
    }
  }
  rmSync(aside, { recursive: true, force: true });
  return why;
}

function failureOf(command: string, args: readonly string[]): string | undefined {
  const { status, error, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (status === 0) return undefined;
  const said = error === undefined ? stderr.trim().split('\n').at(-1) : error.message;
  return `${command} ${args.slice(0, 2).join(' ')} failed: ${said ?? 'it said nothing'}`;
}
