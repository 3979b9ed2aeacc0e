// The acceptance matrix of a broker adapter. An adapter is right when every case holds at its venue, each on
// an account of its own that has not traded.
import { accountCases } from './account';
import { lineCases } from './line';
import { marketCases } from './market';
import { orderCases } from './orders';
import { triggerCases } from './triggers';
import type { ContractCase } from './venue';

export type { LineFault, Venue } from './venue';

/** Every case with its id. */
export const brokerContract: readonly (readonly [id: string, ContractCase])[] = [
  orderCases,
  lineCases,
  triggerCases,
  accountCases,
  marketCases,
].flatMap((cases) => Object.entries(cases));
