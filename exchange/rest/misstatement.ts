// What the broker states of the account's money that is not so, for tests of whoever compares. The books and
// what orders may use stay true.
import { paise, type Paise } from '../../domain/units';

export interface Misstatement {
  /** The contract note's charges are raised by this much, percent. */
  chargesPct: number;
  /** Missing from free money; present where negative. */
  withheld: Paise;
}

export const trueStatement = (): Misstatement => ({ chargesPct: 0, withheld: paise(0) });
