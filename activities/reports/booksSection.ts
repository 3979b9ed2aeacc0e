// The report's section on money: charges and cash by our ledger against the broker's.
import type { CashComparison, ChargesComparison, Compared, EndOfDay } from '../../domain/endOfDay';
import { markup, noMarkup, type Markup } from '../../domain/markup';
import { formatRupees, paise } from '../../domain/units';
import type { DayFacts } from './dayFacts';
import { row, table } from './markup';

const line = (what: string, { ours, brokers }: Compared): Markup =>
  row([what, formatRupees(ours), formatRupees(brokers), formatRupees(paise(brokers - ours))]);

const chargesLines = (charges: ChargesComparison): Markup[] => [
  line(`Charges of ${charges.orders} executed orders`, charges),
];

const cashLines = ({ moved, free }: CashComparison): Markup[] => [
  line('Cash moved by our trades, before charges', moved),
  line('Free money, before charges', free),
];

const note = (words: string, isLoss = false): Markup =>
  markup`<p class="${isLoss ? 'loss' : 'quiet'}">${words}</p>`;

function chargesNotes(charges: EndOfDay['charges']): Markup[] {
  if (charges.kind === 'unread') return [note(`Charges were not compared: ${charges.why}`, true)];
  return charges.differing.map(({ orderId, side, tradingsymbol, ours, brokers }) =>
    note(
      `${side} ${tradingsymbol}, order ${orderId}: charges ${formatRupees(ours)}, the broker’s ${formatRupees(brokers)}.`,
      true,
    ),
  );
}

function cashNotes(cash: EndOfDay['cash']): Markup[] {
  if (cash.kind === 'unread') return [note(`Cash was not compared: ${cash.why}`, true)];
  const { paidIn, free, settling, obstacles, agrees } = cash;
  const isHeldBack = agrees && obstacles.length === 0 && free.brokers < free.ours;
  return [
    ...(paidIn === 0 ? [] : [note(`Paid in since the morning: ${formatRupees(paidIn)}.`)]),
    ...(obstacles.length === 0
      ? []
      : [note(`Free money says nothing of ours: ${obstacles.join('; ')}.`)]),
    ...(isHeldBack
      ? [note(`The broker may hold back ${formatRupees(settling)} until the day has settled.`)]
      : []),
    ...(agrees ? [] : [note('Nothing we know explains the difference in cash.', true)]),
  ];
}

/** Empty where nothing was executed. */
export function booksSection({
  endOfDay: compared,
  charges: paid,
}: Pick<DayFacts, 'endOfDay' | 'charges'>): Markup {
  if (compared === null)
    return paid === 0
      ? noMarkup
      : markup`<h2>Books</h2>${note('The day has not been compared with the broker.', true)}`;
  const { findings, charges, cash } = compared;
  const rows = [
    ...(charges.kind === 'unread' ? [] : chargesLines(charges)),
    ...(cash.kind === 'unread' ? [] : cashLines(cash)),
  ];
  const found =
    findings === 0
      ? note('Positions and orders agree with the broker’s books.')
      : note(`Positions and orders differ from the broker’s books in ${findings} places.`, true);
  return markup`<h2>Books</h2>
${rows.length === 0 ? noMarkup : table(['', 'Ours', 'The broker’s', 'Difference'], rows)}
${[...chargesNotes(charges), ...cashNotes(cash), found]}`;
}
