// The public face of charges: what ledger, exchange and back-test import.
export {
  addCharges,
  chargesForOrder,
  noCharges,
  type Charges,
  type ExecutedOrder,
} from './charges';
export {
  brokerSquareOffFee,
  depositoryFee,
  nseRateCards,
  rateCardOn,
  type ProductRates,
  type RateCard,
} from './rateCard';
