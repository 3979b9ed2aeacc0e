// `ratchet logs`: what the processes of a system have written, and what they go on writing.
import { Command, InvalidArgumentError } from 'commander';
import { Refused } from '../../domain/errors';
import { latestLogs } from '../../infra/supervisor/latestLogs';
import {
  lastLines,
  logFileOf,
  loggedProcesses,
  logNameOf,
  LogReader,
} from '../../infra/supervisor/logs';

interface LogFlags {
  readonly follow?: true;
  readonly lines: number;
  readonly account?: string;
}

const lineCount = (text: string): number => {
  if (/^\d{1,6}$/.test(text) && Number(text) >= 1) return Number(text);
  throw new InvalidArgumentError(`must be a whole number from 1 to 999999, was "${text}".`);
};

const followEveryMs = 250;

/** The processes asked for. @throws Refused LOG_UNKNOWN naming those there are. */
function chosen(folder: string, process: string | undefined): readonly string[] {
  const names = loggedProcesses(folder);
  if (process === undefined) return names;
  const name = logNameOf(process);
  if (names.includes(name)) return [name];
  throw new Refused({
    code: 'LOG_UNKNOWN',
    message: `no process is called "${process}"; there are logs of ${names.join(', ')}`,
  });
}

function logs(process: string | undefined, { follow, lines, account }: LogFlags): void {
  const folder = latestLogs(account ?? null);
  if (folder === undefined)
    throw new Refused({
      code: 'LOG_UNKNOWN',
      message:
        account === undefined
          ? 'nothing has run here yet, so there are no logs'
          : `account ${account} has not run live on this machine, so it has no logs`,
    });
  const names = chosen(folder, process);
  const width = Math.max(...names.map((name) => name.length));
  const tell = (name: string, told: readonly string[]): void => {
    const prefix = names.length === 1 ? '' : `${name.padEnd(width)} | `;
    for (const line of told) globalThis.process.stdout.write(`${prefix}${line}\n`);
  };
  const readers = names.map((name) => [name, new LogReader(logFileOf(folder, name))] as const);
  for (const [name, { at }] of readers) tell(name, lastLines(logFileOf(folder, name), lines, at));
  if (follow !== true) return;
  setInterval(() => {
    for (const [name, reader] of readers) tell(name, reader.lines());
  }, followEveryMs);
}

export const logsCommand = new Command('logs')
  .description('what the processes of the running system, or of the latest run, have written')
  .argument('[process]', 'one process alone, such as worker or "model server"')
  .option('--follow', 'go on with what is written from now on')
  .option('--lines <n>', 'how many of the last lines of each', lineCount, 50)
  .option('--account <name>', 'the logs of this live account')
  .action(logs);
