// The form of a file by its header and its first row. Known names are recognised; what could be two things is asked for.
import {
  barColumns,
  indianMinutes,
  ownColumns,
  ownForm,
  refuseCell,
  type BarForm,
  type CsvRow,
  type CsvTable,
  type DateForm,
} from '../candleFile';
import type { MappedColumn, Mapping } from './mapping';

/** A file's form, and in a sentence what was taken for what. */
export interface Recognised {
  readonly form: BarForm;
  readonly said: string;
}

/** Names that programs give their columns, the whole name in any capitals. */
const names: Readonly<Record<MappedColumn, readonly string[]>> = {
  date: ['ts', 'date', 'datetime', 'date_time', 'date time', 'timestamp', '<date>', 't'],
  time: ['time', '<time>'],
  open: ['open', 'o', '<open>'],
  high: ['high', 'h', '<high>'],
  low: ['low', 'l', '<low>'],
  close: ['close', 'c', '<close>'],
  volume: ['volume', 'v', 'vol', '<vol>'],
  symbol: ['symbol', 'ticker', 'tradingsymbol', '<ticker>'],
};

/** Whose form it is, by the name of the column of the time. */
const makers: Readonly<Record<string, string>> = {
  ts: 'Ratchet',
  date: 'Kite',
  datetime: 'yfinance',
  time: 'TradingView',
  t: 'Polygon or Alpaca',
};

/** @throws Refused DATA_MAPPING or CANDLE_FILE naming the file, and the column that nothing is known of. */
export function recogniseForm(table: CsvTable, first: CsvRow, mapping: Mapping): Recognised {
  const header = table.header.map((name) => name.trim().toLowerCase());
  const found = foundColumns(table, header, mapping);
  const { date, time, symbol, volume } = found;
  const cell = (column: string): string => first[1][header.indexOf(column)]?.trim() ?? '';
  const written = time === undefined ? cell(date) : `${cell(date)} ${cell(time)}`;
  const place = { file: table.file, line: first[0], column: date, value: written };
  const dates = mapping.dates ?? dateFormOf(written) ?? refuseCell(place, datesRemedy);
  const { zoneMinutes = indianMinutes, unit = 'rupees', stamp = 'start' } = mapping;
  const { open, high, low, close } = found;
  const columns = { ts: date, open, high, low, close, volume: volume ?? ownColumns.volume };
  const isOwn =
    barColumns.every((column) => columns[column] === ownColumns[column]) &&
    volume !== undefined &&
    symbol === undefined &&
    [dates, zoneMinutes, unit, stamp].join() === ['iso', indianMinutes, 'rupees', 'start'].join();
  const form = {
    columns,
    timeOfDay: time ?? null,
    symbol: symbol ?? null,
    hasVolume: volume !== undefined,
    ...{ dates, zoneMinutes, unit, stamp },
  };
  return { form: isOwn ? ownForm : form, said: sentence(form, mapping, header) };
}

type Found = Readonly<
  Record<'date' | 'open' | 'high' | 'low' | 'close', string> &
    Partial<Record<'time' | 'volume' | 'symbol', string>>
>;

function foundColumns(table: CsvTable, header: readonly string[], mapping: Mapping): Found {
  const find = (column: MappedColumn): string | undefined => {
    const mapped = mapping.columns[column]?.toLowerCase();
    if (mapped !== undefined && header.includes(mapped)) return mapped;
    if (mapped !== undefined)
      refuseHeader(table, mapped, `the header must have the column that --map calls ${column}`);
    const [one, other] = names[column].filter((name) => header.includes(name));
    if (other !== undefined)
      refuseHeader(table, other, `--map must say which column is ${column}: ${one} or ${other}`);
    return one;
  };
  const wanted = (column: 'open' | 'high' | 'low' | 'close'): string =>
    find(column) ??
    refuseHeader(table, column, `the header must have it, or --map ${column}=NAME its name`);
  const [named, time] = [find('date'), find('time')];
  // A file without a date has it in the column called time.
  const date =
    named ??
    time ??
    refuseHeader(table, 'date', 'the header must have it, or --map date=NAME its name');
  const optional = {
    time: named === undefined ? undefined : time,
    volume: find('volume'),
    symbol: find('symbol'),
  };
  const known = Object.entries(optional).filter(([, name]) => name !== undefined);
  return {
    date,
    ...{ open: wanted('open'), high: wanted('high'), low: wanted('low'), close: wanted('close') },
    ...(Object.fromEntries(known) as Partial<Record<keyof typeof optional, string>>),
  };
}

const refuseHeader = (table: CsvTable, column: string, must: string): never =>
  refuseCell(
    { file: table.file, line: table.headerLine, column, value: table.header.join(',') },
    must,
  );

const datesRemedy =
  'must be a time the year first, or --map must name the form of the dates: dates=day-first, compact, epoch-seconds or epoch-ms';

/** Only where no other reading is possible; null where somebody must say it. */
function dateFormOf(text: string): DateForm | null {
  if (/^\d{4}-\d\d-\d\d/.test(text)) return 'iso';
  if (/^\d{10}(?:\.0+)?$/.test(text)) return 'epoch-seconds';
  if (/^\d{13}(?:\.0+)?$/.test(text)) return 'epoch-ms';
  return null;
}

function sentence(form: BarForm, mapping: Mapping, header: readonly string[]): string {
  const { columns, timeOfDay, symbol, dates, unit, stamp } = form;
  const maker = makers[columns.ts];
  const whose = maker === undefined || timeOfDay !== null ? '' : `${maker}’s form: `;
  const isMapped = Object.keys(mapping.columns).length > 0;
  const time = timeOfDay === null ? columns.ts : `${columns.ts} and ${timeOfDay}`;
  const used = new Set([...Object.values(columns), timeOfDay, symbol]);
  const left = header.filter((name) => !used.has(name) && name !== '');
  const parts = [
    `time from ${time} (${dates})`,
    ...(symbol === null ? [] : [`stock from ${symbol}`]),
    `prices in ${unit}`,
    ...(form.hasVolume ? [] : ['no volume']),
    ...(stamp === 'end' ? ['a time is the end of its bar'] : []),
    ...(left.length === 0 ? [] : [`not used: ${left.join(', ')}`]),
  ];
  return `${isMapped ? '' : whose}${parts.join(', ')}`;
}
