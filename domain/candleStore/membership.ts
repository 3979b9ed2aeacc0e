// Which stocks belonged to the universe on a day, of which industry they were then, and whether they had derivatives.
// Today's list tells it only of today: who fell out of it is missing, and a past day traded on it looks better than it was.
import { eachRow, refuseCell, type CsvTable } from '../candleFile';
import { isCalendarDate, type SessionDate } from '../session/calendar';

export const membershipColumns = ['symbol', 'from', 'to', 'sector', 'has_derivatives'] as const;

/** A stretch of days on which a stock was a member. */
export interface Member {
  readonly from: SessionDate;
  /** The last day; null while it is one. */
  readonly to: SessionDate | null;
  /** null where the file does not say it. */
  readonly sector: string | null;
  readonly hasDerivatives: boolean | null;
}

/** By tradingsymbol, in order of time. */
export type Membership = ReadonlyMap<string, readonly Member[]>;

const answers: Readonly<Record<string, boolean | null>> = {
  '': null,
  yes: true,
  true: true,
  no: false,
  false: false,
};

/** @throws Refused DATA_MEMBERSHIP or CANDLE_FILE naming file, line, column and value. */
export function readMembership(table: CsvTable): Membership {
  const members = new Map<string, readonly Member[]>();
  eachRow(table, membershipColumns, (line, cells) => {
    const [symbol = '', from = ''] = cells;
    const refuse: Refuse = (column, value, must) =>
      refuseCell({ file: table.file, line, column, value }, must, 'DATA_MEMBERSHIP');
    const member = memberIn(cells, refuse);
    const known = members.get(symbol) ?? [];
    const other = known.find((one) => overlap(one, member));
    if (other !== undefined)
      refuse('from', from, `must not lie in the stretch of ${symbol} from ${other.from} on`);
    members.set(
      symbol,
      [...known, member].sort((a, b) => (a.from < b.from ? -1 : 1)),
    );
  });
  return members;
}

type Refuse = (column: (typeof membershipColumns)[number], value: string, must: string) => never;

/** @param cells of `membershipColumns`. */
function memberIn(cells: readonly string[], refuse: Refuse): Member {
  const [symbol = '', from = '', to = '', sector = '', has = ''] = cells;
  if (!/^[A-Z0-9][A-Z0-9&_-]*$/.test(symbol))
    refuse('symbol', symbol, 'must be a symbol like INFY');
  if (!isCalendarDate(from)) refuse('from', from, 'must be a calendar date like 2026-11-20');
  if (to !== '' && !(isCalendarDate(to) && to >= from))
    refuse('to', to, `must be the last day, from ${from} on, or empty while it is a member`);
  const hasDerivatives = answers[has.toLowerCase()];
  if (hasDerivatives === undefined)
    return refuse('has_derivatives', has, 'must be yes, no or empty');
  return {
    ...{ from, to: to === '' ? null : to, hasDerivatives },
    sector: sector === '' ? null : sector,
  };
}

const isOn = ({ from, to }: Pick<Member, 'from' | 'to'>, date: SessionDate): boolean =>
  date >= from && (to === null || date <= to);

const overlap = (one: Member, other: Member): boolean =>
  isOn(one, other.from) || isOn(other, one.from);

/** What a stock was on the date; null where it was no member. */
export const memberOn = (
  membership: Membership,
  symbol: string,
  date: SessionDate,
): Member | null => membership.get(symbol)?.find((one) => isOn(one, date)) ?? null;

/** Was the stock a member on the date? Every stock was where no list says it. */
export const isMember = (
  membership: Membership | undefined,
  symbol: string,
  date: SessionDate,
): boolean => membership === undefined || memberOn(membership, symbol, date) !== null;
