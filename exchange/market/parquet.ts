// A series of candles as a Parquet file: `ts` in UTC milliseconds, prices as decimals of two places, so that every tool
// shows rupees, and volume. Numbers are whole in the file, so what was written is read to the paisa and the millisecond.
import { readFileSync } from 'node:fs';
import {
  parquetMetadata,
  parquetSchema,
  type ColumnMetaData,
  type FileMetaData,
  type SchemaElement,
} from 'hyparquet';
import { readColumn } from 'hyparquet/src/column.js';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { parquetWriteBuffer } from 'hyparquet-writer';
import {
  barColumns,
  refuseFile,
  type BarColumn,
  type StoredColumns,
} from '../../domain/candleFile';
import { Refused, wordsOf } from '../../domain/errors';
import type { Candle } from '../../domain/market/candle';

/** About a year of minutes. */
const rowsAtOnce = 100_000;

/** The largest price a file takes, one crore less a paisa: a decimal of nine digits. */
export const storedPriceMax = 999_999_999;

/** The bytes of the file. @param candles oldest first. */
export function parquetBytes(candles: readonly Candle[]): Uint8Array {
  const prices = (['open', 'high', 'low', 'close'] as const).map((name) => ({
    name,
    // A whole number of the smallest unit, which the writer takes as it is.
    data: BigInt64Array.from(candles, (candle) => BigInt(candle[name])),
  }));
  const columns: readonly { readonly name: string; readonly data: BigInt64Array }[] = [
    { name: 'ts', data: BigInt64Array.from(candles, ({ at }) => BigInt(at)) },
    ...prices,
    { name: 'volume', data: BigInt64Array.from(candles, ({ volume }) => BigInt(volume)) },
  ];
  const decimal = { converted_type: 'DECIMAL', scale: 2, precision: 9 } as const;
  const written = parquetWriteBuffer({
    columnData: columns.map((column) => ({ ...column, encoding: 'DELTA_BINARY_PACKED' })),
    schema: [
      { name: 'candles', num_children: columns.length },
      {
        ...{ name: 'ts', type: 'INT64', repetition_type: 'REQUIRED' },
        converted_type: 'TIMESTAMP_MILLIS',
      },
      ...prices.map(({ name }) => ({
        ...({ name, type: 'INT32', repetition_type: 'REQUIRED' } as const),
        ...decimal,
      })),
      { name: 'volume', type: 'INT64', repetition_type: 'REQUIRED' },
    ],
    rowGroupSize: rowsAtOnce,
  });
  return new Uint8Array(written);
}

/** @throws Refused REPLAY_FILE or CANDLE_FILE naming the file. */
export function parquetColumns(file: string): StoredColumns {
  const bytes = bytesOf(file);
  try {
    return columnsOf(file, bytes, parquetMetadata(bytes));
  } catch (error) {
    if (error instanceof Refused) throw error;
    return refuseFile(`"${file}" is no Parquet file of candles: ${wordsOf(error)}`);
  }
}

function bytesOf(file: string): ArrayBuffer {
  try {
    const { buffer, byteOffset, byteLength } = readFileSync(file);
    return buffer.slice(byteOffset, byteOffset + byteLength);
  } catch (error) {
    return refuseFile(`"${file}" cannot be read: ${wordsOf(error)}`, 'REPLAY_FILE');
  }
}

function columnsOf(file: string, bytes: ArrayBuffer, metadata: FileMetaData): StoredColumns {
  const rows = Number(metadata.num_rows);
  const made = Object.fromEntries(
    barColumns.map((name) => [name, new Float64Array(rows)]),
  ) as Record<BarColumn, Float64Array>;
  let from = 0;
  for (const group of metadata.row_groups) {
    const count = Number(group.num_rows);
    for (const name of barColumns) {
      const chunk = group.columns.find(({ meta_data: found }) => found?.path_in_schema[0] === name);
      if (chunk?.meta_data === undefined)
        refuseFile(`"${file}" must have the columns ${barColumns.join(', ')}, and lacks ${name}`);
      readInto(made[name].subarray(from, from + count), bytes, chunk.meta_data, metadata);
    }
    from += count;
  }
  return made;
}

/** Is the column of the type that its name has in our files? Another scale would be another price. */
function isOurs({ name, type, repetition_type, converted_type, scale }: SchemaElement): boolean {
  if (repetition_type !== 'REQUIRED') return false;
  if (name === 'ts') return type === 'INT64' && converted_type === 'TIMESTAMP_MILLIS';
  if (name === 'volume') return type === 'INT64' && converted_type === undefined;
  return type === 'INT32' && converted_type === 'DECIMAL' && scale === 2;
}

/** The whole numbers of a column, before they are made dates and decimals. */
function readInto(
  target: Float64Array,
  bytes: ArrayBuffer,
  chunk: ColumnMetaData,
  metadata: FileMetaData,
): void {
  const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
  const view = new DataView(bytes, start, Number(chunk.total_compressed_size));
  const schema = parquetSchema(metadata);
  const node = schema.children.find(({ element: { name } }) => name === chunk.path_in_schema[0]);
  if (node === undefined) throw new Error(`no column ${chunk.path_in_schema.join('.')}`);
  const { type, repetition_type: repetition, name } = node.element;
  if (type === undefined || repetition === undefined || !isOurs(node.element))
    throw new Error(`column ${name} must be written as ratchet data import writes it`);
  const { data } = readColumn(
    { view, offset: 0 },
    { groupStart: 0, selectStart: 0, selectEnd: target.length, groupRows: target.length },
    {
      ...chunk,
      pathInSchema: chunk.path_in_schema,
      element: { name, type, repetition_type: repetition },
      schemaPath: [schema, node],
      parsers: DEFAULT_PARSERS,
    },
  );
  let at = 0;
  for (const page of data)
    for (const value of page) {
      target[at] = Number(value);
      at += 1;
    }
  if (at !== target.length) throw new Error(`column ${name} has ${at} rows of ${target.length}`);
}
