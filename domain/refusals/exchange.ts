// The paper exchange: its flags and files. What it answers to orders are Kite’s own errors.
import type { Refusal } from './refusal';

export const exchangeRefusals = {
  EXCHANGE_SCRIPT: {
    when: 'The faults file has a wrong form.',
    remedy: 'Correct the line the sentence names.',
  },
  EXCHANGE_HOLDINGS: {
    when: 'Holdings name a stock that is not listed.',
    remedy: 'Correct the symbol.',
  },
  EXCHANGE_SPEED: {
    when: 'The speed is out of range.',
    remedy: 'Give a speed the sentence allows.',
  },
  EXCHANGE_HELD: {
    when: 'The clock is held, and nothing could start it.',
    remedy: 'Leave out --held or --no-admin.',
  },
  EXCHANGE_TLS: {
    when: 'Certificate and key for TLS are not both there, or do not fit.',
    remedy: 'Give both as PEM files that belong together.',
  },
  EXCHANGE_HOST: {
    when: 'The exchange would listen where others can reach it, in plain text or unguarded.',
    remedy: 'Listen on 127.0.0.1, or give what the sentence names.',
  },
  EXCHANGE_REDIRECT: {
    when: 'The redirect address of the login page is no web address.',
    remedy: 'Give an http or https address without a fragment.',
  },
  EXCHANGE_LISTING: {
    when: 'The number of listed rows is out of range.',
    remedy: 'Give a number the sentence allows.',
  },
  EXCHANGE_PORT: { when: 'A port is wrong or in use.', remedy: 'Choose another port.' },
  EXCHANGE_START: { when: 'The time to start at is wrong.', remedy: 'Write it like 09:00.' },
  EXCHANGE_JOURNAL: { when: 'The journal cannot be written.', remedy: 'Choose another file.' },
  EXCHANGE_RESUME: {
    when: 'A killed exchange cannot be rebuilt from its journal.',
    remedy: 'Start it with the arguments it had, or begin anew with another journal.',
  },
  SCRIPTED_STOCKS: {
    when: 'The scripted stocks have a wrong form.',
    remedy: 'Write them as the sentence shows.',
  },
  HOLDINGS: {
    when: 'The holdings file has a wrong form.',
    remedy: 'Write it as the sentence shows.',
  },
  RATE_CARDS: {
    when: 'The rate cards have a wrong form.',
    remedy: 'Correct the key the sentence names.',
  },
  FLAG_FILE: { when: 'A file of a flag cannot be read.', remedy: 'Check its path.' },
  BOOKS_FILE: {
    when: 'The books file cannot be used.',
    remedy: 'Do what the sentence says, or begin without it.',
  },
  REPLAY_FOLDER: {
    when: 'The folder has no candles in a known place.',
    remedy: 'Check the folder.',
  },
  REPLAY_FILE: {
    when: 'A file of the replay is missing or cannot be read.',
    remedy: 'Check the file the sentence names.',
  },
  REPLAY_DATE: { when: 'The folder has no candles of the date.', remedy: 'Choose a date it has.' },
} as const satisfies Record<string, Refusal>;
