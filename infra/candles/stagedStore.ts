// A folder of stored candles that is being added to. All is written beside it, and put in its place at the end, so that
// a refusal or a kill leaves every file as it was or as it shall be.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { refuseFile, type BarKind } from '../../domain/candleFile';
import { wordsOf } from '../../domain/errors';
import type { Candle } from '../../domain/market/candle';
import type { TradingCalendar } from '../../domain/session/calendar';
import {
  candlePlaces,
  candlesOfBars,
  fileBars,
  isIndexName,
} from '../../exchange/market/candleFiles';
import { parquetBytes, storedPriceMax } from '../../exchange/market/parquet';

const stagePrefix = '.incoming-';

/** Where candles of so many minutes are kept. Replays read those of one minute. */
export const storePlace = (minutes: number): string =>
  minutes === 1 ? 'minute' : `${minutes}minute`;

/** What a stored series must be. */
export const storedKind = (
  symbol: string,
  { minutes, calendar }: { readonly minutes: number; readonly calendar: TradingCalendar },
): BarKind & { readonly kind: 'minute' } => ({
  kind: 'minute',
  calendar,
  minutes,
  isIndex: isIndexName(symbol),
});

export class StagedStore {
  readonly #folder: string;
  readonly #place: string;
  readonly #stage: string;
  readonly #terms: { readonly minutes: number; readonly calendar: TradingCalendar };
  readonly #staged = new Set<string>();

  /** @throws Refused DATA_STORE where the folder cannot be written, or somebody else is writing it. */
  constructor(
    folder: string,
    terms: { readonly minutes: number; readonly calendar: TradingCalendar },
  ) {
    this.#folder = folder;
    this.#terms = terms;
    this.#place = join(folder, storePlace(terms.minutes));
    this.#stage = join(folder, `${stagePrefix}${process.pid}`);
    this.#writing(() => {
      mkdirSync(folder, { recursive: true });
      clearStages(folder);
      mkdirSync(this.#stage);
    });
  }

  /** What is stored, or staged already; none where the symbol is new. */
  read(symbol: string): readonly Candle[] {
    const name = `${symbol}.parquet`;
    const file = join(this.#staged.has(symbol) ? this.#stage : this.#place, name);
    if (existsSync(file))
      return candlesOfBars(fileBars(file, storedKind(symbol, this.#terms)).bars);
    this.#requireNoText(symbol);
    return [];
  }

  /** Is there anything of it in its place? */
  has(symbol: string): boolean {
    return existsSync(join(this.#place, `${symbol}.parquet`));
  }

  /** @param candles oldest first. */
  stage(symbol: string, candles: readonly Candle[]): void {
    const dear = candles.find(({ high }) => high > storedPriceMax);
    if (dear !== undefined)
      refuseFile(
        `the high of ${symbol} must be at most ${storedPriceMax / 100} rupees to be stored, was ${dear.high / 100}`,
        'DATA_STORE',
      );
    this.#writing(() => writeSynced(join(this.#stage, `${symbol}.parquet`), parquetBytes(candles)));
    this.#staged.add(symbol);
  }

  /** Puts everything in its place, file by file. */
  commit(): void {
    this.#writing(() => {
      mkdirSync(this.#place, { recursive: true });
      for (const symbol of this.#staged) {
        const name = `${symbol}.parquet`;
        renameSync(join(this.#stage, name), join(this.#place, name));
      }
    });
    this.#staged.clear();
  }

  /** Leaves nothing beside the store. */
  close(): void {
    rmSync(this.#stage, { recursive: true, force: true });
  }

  /** One stock in two forms would be refused by every reader. */
  #requireNoText(symbol: string): void {
    if (this.#terms.minutes !== 1) return;
    const text = candlePlaces
      .flatMap((place) => [`${symbol}.csv`, `${symbol}.csv.gz`].map((name) => join(place, name)))
      .map((name) => join(this.#folder, name))
      .find((file) => existsSync(file));
    if (text !== undefined)
      refuseFile(
        `${symbol} is in "${text}" already: import into a folder of its own, or move that file away`,
        'DATA_STORE',
      );
  }

  #writing(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (error instanceof Error && 'errno' in error)
        refuseFile(`"${this.#folder}" cannot be written: ${wordsOf(error)}`, 'DATA_STORE');
      throw error;
    }
  }
}

function writeSynced(file: string, bytes: Uint8Array): void {
  const handle = openSync(file, 'w');
  try {
    for (let from = 0; from < bytes.length;) from += writeSync(handle, bytes, from);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Removes what a killed command left. @throws Refused DATA_STORE while its process lives. */
function clearStages(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => one.startsWith(stagePrefix))) {
    const pid = Number(name.slice(stagePrefix.length));
    if (pid !== process.pid && isAlive(pid))
      refuseFile(`process ${pid} is writing "${folder}": wait until it has ended`, 'DATA_STORE');
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
