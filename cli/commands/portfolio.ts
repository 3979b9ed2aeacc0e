// `ratchet portfolio`: long and short, realised and open, after charges; exposure, margin, equity and its
// deepest fall. All is compared with the ledger to the paisa. It reads our records, so it needs no workflow.
import { Command } from 'commander';
import { runningBroker } from '../runningBroker';
import { recordedMode } from '../../activities/ledger/accountMode';
import { ledgerBalances, tradedPositions } from '../../activities/ledger/portfolio';
import type { Funds } from '../../broker/port';
import { dayHeadline, type Mode } from '../../domain/live/mode';
import { portfolioOf, type Portfolio } from '../../domain/portfolio';
import type { SettlementEstimate } from '../../domain/risk';
import { istTime } from '../../domain/session/sessionClock';
import { paise, type Paise } from '../../domain/units';
import { columns, print, rupees } from '../text/output';
import { chosenDay, withRecords, type DayChoice } from '../talk';
import { withDayOptions } from '../dayOptions';

interface PortfolioFacts extends Portfolio {
  /** null where it is not recorded. */
  readonly mode: Mode | null;
  readonly account: string;
  readonly date: string;
  /** The broker's own figures; null when it could not be asked. */
  readonly margin: (Pick<Funds, 'available' | 'used'> & { readonly usedShare: number }) | null;
  /** The ledger's cash less the cash the trades give. Any other value than 0 means something is wrong. */
  readonly ledgerDifference: Paise;
}

async function brokerFunds(): Promise<PortfolioFacts['margin']> {
  try {
    const funds = await runningBroker().funds();
    const { available, used } = funds;
    return { available, used, usedShare: used / Math.max(1, available + used) };
  } catch {
    // A missing margin is shown as missing. Our own figures do not depend on it.
    return null;
  }
}

async function facts(flags: DayChoice): Promise<PortfolioFacts> {
  const { account, date } = chosenDay(flags);
  return withRecords(async (pool) => {
    const portfolio = portfolioOf(await tradedPositions(pool, account, date));
    const { openingCash, cash } = await ledgerBalances(pool, account, date);
    const ledgerDifference = paise(cash - openingCash - portfolio.cashMoved);
    const mode = await recordedMode(pool, account);
    return { mode, account, date, ...portfolio, margin: await brokerFunds(), ledgerDifference };
  });
}

const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;

/** What would be owed if nothing more were closed today; empty for an account that is flat. */
function unclosedLine({ lines: all }: PortfolioFacts): readonly string[] {
  const owed = all.flatMap(({ settlement }) => (settlement === null ? [] : [settlement]));
  const [first] = owed;
  if (first === undefined) return [];
  const sum = (pick: (one: SettlementEstimate) => Paise): string =>
    rupees(paise(owed.reduce((total, one) => total + pick(one), 0)));
  return [
    `if not closed today: ${sum((one) => one.cashNeeded)} needed by ${first.settlesOn ?? 'the next trading day'}, shorts lose at worst ${sum((one) => one.auctionLossWorst)} in the auction`,
  ];
}

function lines(found: PortfolioFacts): readonly string[] {
  const { exposure, exposureBySector, margin, equity, drawdown, ledgerDifference } = found;
  const table = columns([
    ['stock', 'side', 'held', 'entry', 'last', 'realised', 'open', 'charges', 'to close', 'net'],
    ...found.lines.map((line) => [
      ...[line.tradingsymbol, line.direction, String(line.held), rupees(line.entryPrice)],
      ...[line.ltp, line.realised, line.unrealised].map(rupees),
      ...[line.charges, line.chargesToClose, line.netPnl].map(rupees),
    ]),
  ]);
  const sectors = Object.entries(exposureBySector).map(
    ([name, value]) => `${name} ${rupees(value)}`,
  );
  const last = equity.at(-1);
  return [
    dayHeadline(found.mode, found.account, found.date),
    ...table,
    '',
    `realised ${rupees(found.realised)} · open ${rupees(found.unrealised)} · charges ${rupees(found.charges)} · net ${rupees(found.netPnl)}`,
    `exposure: long ${rupees(exposure.LONG)}, short ${rupees(exposure.SHORT)}${sectors.length === 0 ? '' : ` · ${sectors.join(', ')}`}`,
    ...unclosedLine(found),
    margin === null
      ? 'margin: the broker could not be asked'
      : `margin: ${rupees(margin.used)} used, ${rupees(margin.available)} free (${percent(margin.usedShare)})`,
    `equity: ${last === undefined ? 'nothing closed yet' : `${rupees(last.netPnl)} after ${equity.length} closed, the last at ${istTime(last.at)}`} · deepest fall ${rupees(drawdown)}`,
    ledgerDifference === 0
      ? 'the ledger agrees to the paisa'
      : `THE LEDGER DIFFERS BY ${rupees(ledgerDifference)}`,
  ];
}

export const portfolioCommand = withDayOptions(
  new Command('portfolio').description(
    'long and short, realised and open, after charges; exposure, margin, equity',
  ),
).action(async (flags: DayChoice & { readonly json?: true }) => {
  const found = await facts(flags);
  print(flags.json === true, found, () => lines(found));
});
