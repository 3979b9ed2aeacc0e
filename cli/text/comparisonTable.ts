// A shadow's day beside the live one, as lines for people.
import type { DayComparison, DayTotal, DayTrade } from '../../domain/live/comparison';
import { istTime } from '../../domain/session/sessionClock';
import { paise, type EpochMs, type Paise } from '../../domain/units';
import { columns, rupees } from './output';

const timeOf = (at: EpochMs): string => istTime(at).slice(0, 8);

const pair = (shadow: string | null, live: string | null): string =>
  `${shadow ?? '–'} / ${live ?? '–'}`;

const bps = (value: number | null): string =>
  value === null ? '–' : `${value > 0 ? '+' : ''}${value.toFixed(1)}`;

const pnlOf = ({ exit }: DayTrade): Paise | null => exit?.netPnl ?? null;

function pairRows({ pairs }: DayComparison): string[][] {
  return pairs.map(({ shadow, live, entryBetterBps, exitBetterBps }) => [
    ...[live.tradingsymbol, live.direction],
    pair(timeOf(shadow.enteredAt), timeOf(live.enteredAt)),
    pair(String(shadow.quantity), String(live.quantity)),
    ...[pair(rupees(shadow.entryPrice), rupees(live.entryPrice)), bps(entryBetterBps)],
    pair(shadow.exit && timeOf(shadow.exit.at), live.exit && timeOf(live.exit.at)),
    pair(shadow.exit && rupees(shadow.exit.price), live.exit && rupees(live.exit.price)),
    bps(exitBetterBps),
    pair(rupees(pnlOf(shadow)), rupees(pnlOf(live))),
  ]);
}

const loneLine =
  (where: string) =>
  (trade: DayTrade): string => {
    const { tradingsymbol, direction, quantity, enteredAt, entryPrice, exit } = trade;
    const end =
      exit === null
        ? 'held over the night'
        : `out ${timeOf(exit.at)} at ${rupees(exit.price)}, ${rupees(exit.netPnl)} after charges`;
    return `only ${where}: ${tradingsymbol} ${direction} ${quantity}, in ${timeOf(enteredAt)} at ${rupees(entryPrice)}, ${end}`;
  };

const totalLine = (where: string, { trades, shares, netPnl }: DayTotal): string =>
  `${where}: ${trades} trades, ${shares} shares, ${rupees(netPnl)} after charges`;

function meansLine({ meanEntryBetterBps, meanExitBetterBps, pairs }: DayComparison): string {
  if (pairs.length === 0) return 'no trade was made by both';
  return `${pairs.length} made by both; the shadow's prices against the live ones, basis points on average (+ is better): entries ${bps(meanEntryBetterBps)}, exits ${bps(meanExitBetterBps)}`;
}

export function comparisonLines(
  compared: DayComparison & { readonly account: string; readonly date: string },
): string[] {
  const { account, date, shadow, live } = compared;
  return [
    `SHADOW / LIVE account ${account}, session ${date}`,
    ...columns([
      [
        ...['stock', 'side', 'entered', 'shares', 'entry', 'bp'],
        ...['left', 'exit', 'bp', 'after charges'],
      ],
      ...pairRows(compared),
    ]),
    ...compared.onlyShadow.map(loneLine('shadow')),
    ...compared.onlyLive.map(loneLine('live')),
    totalLine('shadow', shadow),
    totalLine('live', live),
    `shadow less live: ${rupees(paise(shadow.netPnl - live.netPnl))}`,
    meansLine(compared),
  ];
}
