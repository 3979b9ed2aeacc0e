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
  RESEARCH_TRIAL: {
    when: 'A trial’s configuration cannot be played on one of the days.',
    remedy: 'The trial is left out; narrow the space where many are.',
  },
  STUDY_FOLDER: {
    when: 'The folder holds no study, another one, or lines that are not a study’s.',
    remedy: 'Name the folder of the study, or a new one.',
  },
  STUDY_DIFFERS: {
    when: 'Candles, code, space or terms are not those the study began with.',
    remedy: 'Bring back what the sentence names, or begin another study.',
  },
  STUDY_NOTHING: {
    when: 'No trial of the study could be played.',
    remedy: 'See the reason in the sentence, and change the space.',
  },
  COMPARE_DOCUMENT: {
    when: 'What is to be compared is no saved backtest or study, or they have no day in common.',
    remedy: 'Save both with --json, of the same days.',
  },
  TRAINING_CSV: {
    when: 'A file for training is empty or has a wrong row.',
    remedy: 'Correct the file.',
  },
} as const satisfies Record<string, Refusal>;
