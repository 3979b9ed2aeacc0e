// Programs that are started again whenever they fall.
import type { Child } from './childProcess';
import { keepAlive } from './keepAlive';
import type { Parts } from './parts';
import { launch, type Program } from './program';
import { updateProcesses } from './runFolder';

/** Supervises a started child, and keeps the run's file of processes up to date. */
export function supervise(
  { children, say }: Parts,
  first: Child,
  again: () => Promise<Child>,
): void {
  children.push(keepAlive(first, { again, say, started: () => updateProcesses(pidsOf(children)) }));
}

export const pidsOf = (children: readonly Child[]): Record<string, number> =>
  Object.fromEntries(children.map(({ name, pid }) => [name, pid]));

/** Starts a program, and starts it again whenever it falls. @returns the line by which it said that it is ready. */
export async function launchSupervised(parts: Parts, program: Program): Promise<string> {
  const { child, line } = await launch(parts.logs, program);
  supervise(parts, child, async () => (await launch(parts.logs, program)).child);
  return line;
}
