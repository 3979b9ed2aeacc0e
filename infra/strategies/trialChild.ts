// The process of a trial (entry point): a strategy that takes all memory or never comes back takes nothing else.
import { wordsOf } from '../../domain/errors';
import type { Declaration } from './declaration';
import { declarationOf } from './loaded';
import type { SandboxCode } from './sandbox';
import { trial, type TrialBars, type TrialResult } from './trial';

export interface TrialStart {
  readonly code: SandboxCode;
  readonly bars: readonly TrialBars[];
}

export type TrialMessage =
  | { readonly declared: Declaration; readonly trials: readonly TrialResult[] }
  | { readonly refused: string };

const tell = (message: TrialMessage): void => void process.send?.(message);

async function all({ code, bars }: TrialStart): Promise<TrialMessage> {
  const declared = declarationOf(code);
  const trials: TrialResult[] = [];
  for (const one of bars) trials.push(await trial({ code, declared }, one));
  return { declared, trials };
}

process.on('message', (start: TrialStart) => {
  all(start).then(tell, (error: unknown) => tell({ refused: wordsOf(error) }));
});
process.on('disconnect', () => process.exit());
