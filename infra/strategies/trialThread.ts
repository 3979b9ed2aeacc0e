// The thread of a trial (entry point): a strategy that takes all memory or never comes back takes nothing else.
import { parentPort, workerData } from 'node:worker_threads';
import { wordsOf } from '../../domain/errors';
import type { SandboxCode } from './sandbox';
import { trial, type TrialBars, type TrialResult } from './trial';

export interface TrialStart {
  readonly code: SandboxCode;
  readonly bars: readonly TrialBars[];
}

export type TrialMessage =
  { readonly results: readonly TrialResult[] } | { readonly refused: string };

const { code, bars } = workerData as TrialStart;
const port = parentPort;
const tell = (message: TrialMessage): void => port?.postMessage(message);

async function all(): Promise<readonly TrialResult[]> {
  const results: TrialResult[] = [];
  for (const one of bars) results.push(await trial(code, one));
  return results;
}

all().then(
  (results) => tell({ results }),
  (error: unknown) => tell({ refused: wordsOf(error) }),
);
