// What a user says about the form of a file: which column is what, and what times and prices mean.
import {
  dateForms,
  indianMinutes,
  offsetMinutes,
  refuseFile,
  type BarColumn,
  type BarForm,
  type DateForm,
} from '../candleFile';

/** The user's words; what is left out is recognised by the header. */
export interface Mapping {
  /** Names of columns, by ours. */
  readonly columns: Readonly<Partial<Record<MappedColumn, string>>>;
  readonly dates?: DateForm;
  readonly zoneMinutes?: number;
  readonly unit?: BarForm['unit'];
  readonly stamp?: BarForm['stamp'];
}

export type MappedColumn = Exclude<BarColumn, 'ts'> | 'date' | 'time' | 'symbol';

const columnKeys: readonly MappedColumn[] = [
  'date',
  'time',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'symbol',
];

const units = ['rupees', 'paise'] as const;
const stamps = ['start', 'end'] as const;

const oneOf = <T extends string>(key: string, text: string, allowed: readonly T[]): T =>
  allowed.find((one) => one === text) ??
  refuse(`${key} must be ${allowed.join(' or ')}, was "${text}"`);

/** @throws Refused DATA_MAPPING naming the key, its value and what is allowed. */
export function parseMapping(text: string): Mapping {
  const separator = text.includes('\n') ? '\n' : ',';
  const pairs = text
    .split(separator)
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair): readonly [string, string] => {
      const at = pair.indexOf('=');
      if (at < 1) refuse(`"${pair}" must be a key and its value, like date=Datetime`);
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    });
  const columns: Partial<Record<MappedColumn, string>> = {};
  let terms: Omit<Mapping, 'columns'> = {};
  for (const [key, value] of pairs) {
    const column = columnKeys.find((one) => one === key);
    if (value === '') refuse(`${key} must have a value, like date=Datetime`);
    if (column === undefined) terms = { ...terms, ...termOf(key, value) };
    else columns[column] = value;
  }
  return { columns, ...terms };
}

function termOf(key: string, value: string): Omit<Mapping, 'columns'> {
  switch (key) {
    case 'dates':
      return { dates: oneOf(key, value, dateForms) };
    case 'unit':
      return { unit: oneOf(key, value, units) };
    case 'stamp':
      return { stamp: oneOf(key, value, stamps) };
    case 'zone':
      return { zoneMinutes: zoneOf(value) };
    default:
      return refuse(
        `"${key}" must be one of ${[...columnKeys, 'dates', 'zone', 'unit', 'stamp'].join(', ')}`,
      );
  }
}

function zoneOf(text: string): number {
  if (/^(?:india|ist|asia\/kolkata)$/i.test(text)) return indianMinutes;
  if (/^(?:utc|gmt|z)$/i.test(text)) return 0;
  const minutes = /^[+-]\d\d:?\d\d$/.test(text) ? offsetMinutes(text) : null;
  return minutes ?? refuse(`zone must be India, UTC or an offset like +05:30, was "${text}"`);
}

const refuse = (message: string): never => refuseFile(`--map: ${message}`, 'DATA_MAPPING');
