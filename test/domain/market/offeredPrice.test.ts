// Goal: one bad print in a quote is not the price that exits are priced by.
import { offeredPrice } from '../../../domain/market/offeredPrice';
import { paise } from '../../../domain/units';

const quoted = {
  lastPrice: paise(1_000),
  band: { lower: paise(800), upper: paise(1_200) },
  bid: paise(999),
  ask: paise(1_001),
};
const [bid, ask] = [null, null];

test.each([
  ['a price between bid and ask', {}, 1_000],
  ['a price a little outside', { lastPrice: paise(1_015) }, 1_015],
  ['a print far above the offers', { lastPrice: paise(1_100) }, 1_001],
  ['a print far below the bids', { lastPrice: paise(900) }, 999],
  [
    'a print far above, at the upper limit of the band where nobody offers',
    { lastPrice: paise(1_200), bid: paise(1_200), ask },
    1_200,
  ],
  ['a print ten times the price, with no offers', { lastPrice: paise(10_000), ask }, 999],
  ['a print ten times the price, with nobody there', { lastPrice: paise(10_000), bid, ask }, null],
  ['a print in the band, with nobody there', { lastPrice: paise(1_100), bid, ask }, 1_100],
  ['a stock that has not traded', { lastPrice: paise(0) }, null],
])('%s', (_, told, price) => {
  expect(offeredPrice({ ...quoted, ...told })).toBe(price);
});
