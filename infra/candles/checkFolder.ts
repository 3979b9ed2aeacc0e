// Looks through a folder of candles, file by file. A row that a replay would refuse is counted here, not thrown.
import {
  adjusted,
  noFactors,
  readFactors,
  type Factors,
  type RefusedRow,
} from '../../domain/candleFile';
import { checkSeries, type SeriesCheck } from '../../domain/candleStore/seriesCheck';
import type { TradingCalendar } from '../../domain/session/calendar';
import {
  candleFiles,
  candlesOfBars,
  fileBars,
  isIndexName,
  seriesName,
} from '../../exchange/market/candleFiles';
import { companies } from '../../exchange/market/companies';
import { csvTable } from '../../exchange/market/csvTable';
import type { DailyBars } from './dailyBars';

export interface FolderCheckTerms {
  readonly directory: string;
  readonly calendar: TradingCalendar;
  readonly factorsFile: string | undefined;
  readonly daily: DailyBars | undefined;
  readonly say: (sentence: string) => void;
}

/** By symbol. @throws Refused REPLAY_FOLDER, and CANDLE_FILE on a file that is none. */
export function* checkFolder(terms: FolderCheckTerms): Generator<SeriesCheck, undefined> {
  const { directory, factorsFile, say } = terms;
  const files = candleFiles({ directory, factorsFile, remark: say });
  const factors: Factors =
    factorsFile === undefined
      ? noFactors
      : readFactors(csvTable(factorsFile), new Set(files.map(seriesName)));
  for (const file of files.toSorted((a, b) => (seriesName(a) < seriesName(b) ? -1 : 1)))
    yield checkFile(file, factors, terms);
}

function checkFile(
  file: string,
  factors: Factors,
  { calendar, daily, say }: FolderCheckTerms,
): SeriesCheck {
  const symbol = seriesName(file);
  const isIndex = isIndexName(symbol);
  const refused: RefusedRow[] = [];
  const kind = { kind: 'minute', calendar, isIndex, minutes: null } as const;
  const { bars, remarks } = fileBars(file, kind, (row) => void refused.push(row));
  remarks.forEach(say);
  return checkSeries(
    {
      symbol,
      isIndex,
      refused,
      candles: adjusted(candlesOfBars(bars), factors.get(symbol) ?? []),
      hasDerivatives: companies.get(symbol)?.hasDerivatives ?? false,
      daily: daily?.get(symbol),
    },
    calendar,
  );
}
