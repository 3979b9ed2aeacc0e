// Strategies of the user's: files that cannot be used as they are.
import type { Refusal } from './refusal';

export const strategyRefusals = {
  STRATEGY_UNKNOWN: {
    when: 'A strategy is named that is neither a shipped agent nor a folder with a strategy.ts.',
    remedy: 'Correct the name; `ratchet strategy list` has them all.',
  },
  STRATEGY_CODE: {
    when: 'A strategy’s file cannot be read as TypeScript, or imports what it may not.',
    remedy: 'Correct the line the sentence names.',
  },
  STRATEGY_TYPES: {
    when: 'A strategy’s file does not pass the type check.',
    remedy: 'Correct the line the sentence names.',
  },
  STRATEGY_DECLARATION: {
    when: 'A strategy’s file throws while it is loaded, never comes back, or declares no strategy.',
    remedy: 'Correct the file as the sentence says; docs/strategies.md has the form.',
  },
  STRATEGY_PARAMETERS: {
    when: 'Values or weights are configured that the strategy does not take.',
    remedy: 'Correct strategies in the configuration; `ratchet strategy list` has the ranges.',
  },
  STRATEGY_EXISTS: {
    when: 'A strategy is to be written where something is already.',
    remedy: 'Choose another name, or remove the folder.',
  },
  STRATEGY_NAME: {
    when: 'A strategy’s name is not one.',
    remedy: 'Take small letters, digits and hyphens, a letter first.',
  },
} as const satisfies Record<string, Refusal>;
