// Backtests and training.
import type { Refusal } from './refusal';

export const backtestRefusals = {
  BACKTEST_DAYS: {
    when: 'The days to trade are missing, do not exist, or have no whole session.',
    remedy: 'Choose days of the folder, or complete its files.',
  },
  BACKTEST_NOTHING: {
    when: 'No stock was decided on, on any day.',
    remedy: 'See the reasons in the sentence.',
  },
  BACKTEST_MODEL: {
    when: 'The model’s version does not exist, or was trained on one of the days.',
    remedy: 'Choose another, or none, as the sentence says.',
  },
  BACKTEST_PRODUCT: {
    when: 'The configuration’s longProduct is not MIS.',
    remedy: 'Use MIS: each day of a backtest ends flat.',
  },
  BACKTEST_PAGE: { when: 'The page cannot be written.', remedy: 'Choose another file.' },
  BACKTEST_BOOKS: {
    when: 'Our trades and the exchange’s books differ.',
    remedy: 'Report it with the date.',
  },
  RESEARCH_DAYS: {
    when: 'There are too few days for the folds, the embargo and the hold-out.',
    remedy: 'Take more days, fewer folds, or a shorter embargo.',
  },
  RESEARCH_SPACE: {
    when: 'What is to be varied has no key, no range, or one the configuration does not take.',
    remedy: 'Correct the key or its range, as the sentence says.',
  },
  TRAINING_CSV: {
    when: 'A file for training is empty or has a wrong row.',
    remedy: 'Correct the file.',
  },
} as const satisfies Record<string, Refusal>;
