// Which dates of which stock the broker has answered for: beside the stored candles, in `fetched.json`. A stock that did
// not trade has no candles to tell it by.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { refuseFile } from '../../domain/candleFile';
import { withSpan, type DateSpan } from '../../domain/candleStore/fetchPlan';
import { wordsOf } from '../../domain/errors';
import { replacePrivateFile } from '../privateFiles';

const date = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const shape = z.record(
  z.string(),
  z.strictObject({
    /** How many candles came in all. */
    candles: z.int().nonnegative(),
    spans: z.array(z.strictObject({ from: date, to: date })),
  }),
);

export class FetchedSpans {
  readonly #file: string;
  readonly #stocks: Map<string, { candles: number; spans: readonly DateSpan[] }>;

  /** @throws Refused DATA_STORE on a file that is none of ours. */
  constructor(folder: string) {
    this.#file = join(folder, 'fetched.json');
    this.#stocks = new Map(Object.entries(readSpans(this.#file)));
  }

  /** @param isStored are there candles of it? What is gone from the folder is forgotten, and asked for again. */
  of(symbol: string, isStored: boolean): readonly DateSpan[] {
    const { candles, spans } = this.#stocks.get(symbol) ?? { candles: 0, spans: [] };
    if (isStored || candles === 0) return spans;
    this.#stocks.delete(symbol);
    return [];
  }

  /** Written down only after the candles are in their place: what is asked twice is found equal. */
  add(symbol: string, span: DateSpan, came: number): void {
    const { candles, spans } = this.#stocks.get(symbol) ?? { candles: 0, spans: [] };
    this.#stocks.set(symbol, { candles: candles + came, spans: withSpan(spans, span) });
    const text = JSON.stringify(Object.fromEntries(this.#stocks));
    replacePrivateFile(this.#file, `${text}\n`);
  }
}

function readSpans(file: string): z.infer<typeof shape> {
  if (!existsSync(file)) return {};
  try {
    return shape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    return refuseFile(
      `"${file}" must be as ratchet data fetch wrote it, or be removed, so that all is asked again: ${wordsOf(error)}`,
      'DATA_STORE',
    );
  }
}
