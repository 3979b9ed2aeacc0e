// The parts of the system the simulation drives. A planted bug replaces one of them.
import { waitForWrite } from '../../domain/orders/limiter';
import { apply, nextCommand, type PositionState } from '../../domain/position';
import { offer, openGate, sift } from '../../domain/trailing';

export const realMachine = {
  apply,
  nextCommand,
  offer,
  openGate,
  sift,
  waitForWrite,
  /** May an entry leave the gate now? */
  mayEnter: (halted: boolean): boolean => !halted,
  /** A state as it comes back after a crash. */
  restored: (state: PositionState): PositionState =>
    JSON.parse(JSON.stringify(state)) as PositionState,
};
export type Machine = typeof realMachine;
