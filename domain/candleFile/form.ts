// How a file of bars is written: what its columns are called, and what its times and prices mean.
import { indianMinutes, instantForm, instantReader, type WrittenInstant } from './instant';
import { compact, dayFirst, epochReader } from './otherDates';
import { epochMs, type EpochMs } from '../units';
import { ownColumns, type NamedFile } from './writtenBar';

/** How dates are written. */
export const dateForms = ['iso', 'day-first', 'compact', 'epoch-seconds', 'epoch-ms'] as const;
export type DateForm = (typeof dateForms)[number];

export interface BarForm {
  /** By our names. */
  readonly columns: NamedFile['columns'];
  /** A second column of the time of day; null where one column has both. */
  readonly timeOfDay: string | null;
  /** The column that says which stock a row is of; null where all rows are of one. */
  readonly symbol: string | null;
  /** An index may have no column of volume. */
  readonly hasVolume: boolean;
  readonly dates: DateForm;
  /** Minutes ahead of UTC of times without an offset. */
  readonly zoneMinutes: number;
  readonly unit: 'rupees' | 'paise';
  /** Does a time name the first minute of its bar, or the end of it? */
  readonly stamp: 'start' | 'end';
}

export const ownForm: BarForm = {
  columns: ownColumns,
  timeOfDay: null,
  symbol: null,
  hasVolume: true,
  dates: 'iso',
  zoneMinutes: indianMinutes,
  unit: 'rupees',
  stamp: 'start',
};

/** Reads the times of a form; null for a text that is none. */
export function formReader({
  dates,
  zoneMinutes,
}: BarForm): (text: string) => WrittenInstant | null {
  switch (dates) {
    case 'iso':
      return instantReader(zoneMinutes);
    case 'day-first':
      return turnedReader(dayFirst, zoneMinutes);
    case 'compact':
      return turnedReader(compact, zoneMinutes);
    case 'epoch-seconds':
    case 'epoch-ms':
      return epochReader(dates === 'epoch-ms' ? 1 : 1_000);
  }
}

/** @param turn to the year first; null for a text of another form. */
function turnedReader(
  turn: (text: string) => string | null,
  zoneMinutes: number,
): (text: string) => WrittenInstant | null {
  const read = instantReader(zoneMinutes);
  return (text) => {
    const turned = turn(text);
    return turned === null ? null : read(turned);
  };
}

/** A time of the form, in words. */
export const dateFormText: Readonly<Record<DateForm, string>> = {
  iso: instantForm,
  'day-first': 'a time like 20-11-2026 09:15, the day first',
  compact: 'a time like 20261120 09:15',
  'epoch-seconds': 'whole seconds since 1970',
  'epoch-ms': 'whole milliseconds since 1970',
};

const minuteMs = 60_000;

/** The first minute of a bar that is named by its end: `09:16:00`, or `09:15:59` as the last second of it. */
export const startOf = (end: EpochMs, minutes: number): EpochMs =>
  epochMs(Math.ceil(end / minuteMs) * minuteMs - minutes * minuteMs);
