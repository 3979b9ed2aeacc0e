// Starts a process of ours in which code of the user's runs. A thread would not do: V8 ends the whole process when one
// allocation goes far beyond a thread's limit of memory, and with it everything that protects positions.
import { fork, type ChildProcess } from 'node:child_process';
import { extname, join } from 'node:path';

const suffix = extname(__filename);
const hook = ['--require', join(__dirname, '../sourceHook.cjs')];

/** @param file beside this one, without its ending. It knows nothing of our environment, and says nothing. */
export const startApart = (file: string, memoryMb: number): ChildProcess =>
  fork(join(__dirname, `${file}${suffix}`), [], {
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [`--max-old-space-size=${memoryMb}`, ...(suffix === '.ts' ? hook : [])],
  });

/** Why a process has ended, in words: V8 aborts where its memory is used up. */
export const wordsOfEnd = (signal: NodeJS.Signals | null, memoryMb: number): string =>
  signal === 'SIGABRT' || signal === 'SIGTRAP'
    ? `it took more than ${memoryMb} MB of memory`
    : 'it ended its process';
