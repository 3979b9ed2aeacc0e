// What the state machine is told once a command has been carried out: the same for the workflow, the backtest
// and the simulation.
import type { SendOutcome } from '../orders/order';
import type { EpochMs } from '../units';
import type { PositionCommand } from './command';
import type { PositionEvent } from './positionEvent';
import type { BooksAnswer } from './attribution';

type Command<K extends PositionCommand['kind']> = Extract<PositionCommand, { kind: K }>;

/** A command that the broker answers with an outcome. */
export type WriteCommand = Command<'sendEntry' | 'placeExit' | 'modifyExit' | 'cancel'>;

/** @param at when the answer came, host clock. */
export function writeAnswered(
  command: WriteCommand,
  outcome: SendOutcome,
  at: EpochMs,
): PositionEvent {
  switch (command.kind) {
    case 'sendEntry':
      return { kind: 'entryAnswered', outcome, at };
    case 'placeExit':
      return { kind: 'exitAnswered', outcome, order: command.order, at };
    case 'modifyExit': {
      const { orderId, order } = command;
      return { kind: 'modifyAnswered', outcome, orderId, order, at };
    }
    // Whatever the answer was, the books say what has become of the order.
    case 'cancel':
      return { kind: 'cancelAnswered' };
  }
}

/** @param at when the answer came, host clock. */
export const booksAnswered = (
  { news }: Command<'readBooks'>,
  answer: BooksAnswer,
  at: EpochMs,
): PositionEvent =>
  answer.kind === 'whole'
    ? { kind: 'booksRead', news, reading: answer.reading }
    : { kind: 'reported', report: answer.report, at };

/** What follows from a command that nobody outside has to answer. @param at host clock. */
export function decided(
  command: Command<'wantExit' | 'carry' | 'finish'>,
  at: EpochMs,
): PositionEvent {
  switch (command.kind) {
    case 'wantExit':
      return { kind: 'exitWanted', reason: command.reason, at };
    case 'carry':
      return { kind: 'carried' };
    case 'finish':
      return { kind: 'finished' };
  }
}
