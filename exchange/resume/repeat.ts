// Plays a session again from its journal: every accepted request is made at its market instant, and what comes of
// it has to be what came of it then.
import { Refused, wordsOf } from '../../domain/errors';
import { epochMs, paise, shares, type EpochMs, type Product } from '../../domain/units';
import { repeatCall } from '../admin/engineCalls';
import type { Exchange } from '../engine/exchange';
import type { GttLeg, GttWish } from '../engine/gtt';
import { withoutFields, type JournalLine } from '../engine/journal';
import { KiteError } from '../engine/kiteError';
import type { OrderTerms, Placer } from '../engine/order';
import type { OldJournal, OldLine } from './oldJournal';

/** @throws Refused EXCHANGE_RESUME naming the line that does not come again. */
export function repeat(exchange: Exchange, journal: OldJournal): void {
  for (let due = journal.next(); due !== undefined; due = journal.next()) {
    const before = journal.repeated;
    try {
      play(exchange, journal, due);
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw journal.differs(due, `cannot be played again: ${wordsOf(error)}`);
    }
    if (journal.repeated === before) {
      throw journal.differs(due, `(${due.line.kind} at ${due.line.at}) does not come again`);
    }
  }
}

function play(exchange: Exchange, journal: OldJournal, due: OldLine): void {
  if (due.line.kind !== 'resumed') advance(exchange, journal, epochMs(due.line.marketAt));
  if (journal.next() === due && isRequest(due.line)) request(exchange, journal, due);
}

/** Nothing is played past the last line: what comes after it is not known. */
function advance(exchange: Exchange, journal: OldJournal, at: EpochMs): void {
  while (journal.next() !== undefined && exchange.playNext(at));
  if (journal.next() !== undefined) exchange.advanceTo(at);
}

/** Was it asked for, rather than what came of something? */
function isRequest({ kind, placer, leg = 1, event }: JournalLine): boolean {
  switch (kind) {
    case 'place':
      return (placer === 'client' || placer === 'terminal') && leg === 1;
    case 'gtt':
      return event !== 'triggered';
    default:
      return kind in requests;
  }
}

function request(exchange: Exchange, journal: OldJournal, due: OldLine): void {
  try {
    const { tapes } = due.line;
    if (tapes !== undefined) exchange.restoreTapes(String(tapes));
    requests[due.line.kind]?.(exchange, due.line);
  } catch (error) {
    if (!(error instanceof KiteError)) throw error;
    throw journal.differs(due, `was accepted then and is refused now: ${error.message}`);
  }
}

const requests: Readonly<Record<string, (exchange: Exchange, line: JournalLine) => void>> = {
  place: (exchange, line) => {
    const { placer, leg, totalQuantity } = line;
    const terms = termsOf(line);
    if (leg === undefined) exchange.place(terms, placer as Placer);
    else exchange.placeIceberg({ ...terms, quantity: shares(Number(totalQuantity)) });
  },
  modify: (exchange, line) => {
    exchange.modify(String(line['orderId']), termsOf(line));
  },
  cancel: (exchange, { orderId }) => {
    exchange.cancel(String(orderId));
  },
  convert: (exchange, { tradingsymbol, from, to, quantity }) => {
    const { listing } = exchange.tape(String(tradingsymbol));
    // A short position is never converted.
    exchange.convert({
      listing,
      side: 'BUY',
      from: from as Product,
      to: to as Product,
      quantity: Number(quantity),
    });
  },
  gtt: ({ gtts }, line) => {
    const id = Number(line['id']);
    if (line['event'] === 'placed') gtts.place(wishOf(line));
    else if (line['event'] === 'modified') gtts.modify(id, wishOf(line));
    else gtts.delete(id);
  },
  admin: (exchange, { call, body }) => {
    repeatCall(exchange, String(call), String(body));
  },
  tick: (exchange, { tradingsymbol, tick }) => {
    exchange.takeAgain(String(tradingsymbol), String(tick));
  },
  resumed: (exchange, { marketAt }) => {
    exchange.resumeAt(epochMs(marketAt));
  },
};

const notTerms = [
  ...['at', 'marketAt', 'hostAt', 'kind', 'orderId', 'placer', 'leg', 'totalQuantity'],
  'tapes',
];

/** An order's own fields, as the exchange wrote them. */
const termsOf = (line: JournalLine): OrderTerms =>
  withoutFields(line, notTerms) as unknown as OrderTerms;

const wishOf = ({ tradingsymbol, lastPrice, legs }: JournalLine): GttWish => ({
  tradingsymbol: String(tradingsymbol),
  lastPrice: paise(Number(lastPrice)),
  legs: JSON.parse(String(legs)) as readonly GttLeg[],
});
