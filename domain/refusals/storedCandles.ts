// Candles that are imported, fetched and kept.
import type { Refusal } from './refusal';

export const dataRefusals = {
  DATA_MAPPING: {
    when: 'What --map says of a file’s form is wrong.',
    remedy: 'Write it as the sentence shows.',
  },
  DATA_SOURCE: {
    when: 'There is nothing to import, or nothing says which stock it is of.',
    remedy: 'Check the path, or name the stock with --symbol.',
  },
  DATA_CONFLICT: {
    when: 'A candle is stored already with other values.',
    remedy: 'Find out which is right; --replace takes the new ones.',
  },
  DATA_STORE: {
    when: 'The folder of candles cannot be written, or has the stock in another form.',
    remedy: 'Do what the sentence says.',
  },
  DATA_FETCH: {
    when: 'The broker’s history cannot be asked for, or has ended halfway.',
    remedy: 'Do what the sentence says, and run the command again: it goes on.',
  },
  DATA_MEMBERSHIP: {
    when: 'The file of members has a wrong row.',
    remedy: 'Correct the line the sentence names.',
  },
} as const satisfies Record<string, Refusal>;
