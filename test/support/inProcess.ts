// Runs one command of the command line in this process, with what it prints.
import type { Command } from 'commander';

export interface Told {
  readonly stdout: string;
  readonly code: number;
}

/** @throws what the command throws, as the command line would tell it. */
export async function inProcess(command: Command, args: readonly string[]): Promise<Told> {
  const [before, parts] = [process.exitCode, [] as string[]];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((part) => {
    parts.push(String(part));
    return true;
  });
  try {
    process.exitCode = 0;
    await command.parseAsync([...args], { from: 'user' });
    return { stdout: parts.join(''), code: process.exitCode };
  } finally {
    process.exitCode = before;
    write.mockRestore();
  }
}
