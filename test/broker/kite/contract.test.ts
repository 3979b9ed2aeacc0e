// Goal: the Kite adapter holds the whole broker contract, with the paper exchange as its venue.
import { fixedCredentials, openBroker, openFeed } from '../../../broker';
import { brokerContract, type LineFault, type Venue } from '../../../broker/contract';
import { paise, rupeesFromPaise } from '../../../domain/units';
import { date, startBench, type Bench } from '../../exchange/support';

const faults: Readonly<Record<LineFault, object>> = {
  answerLost: { kind: 'execute-and-timeout' },
  saysTimedOut: { kind: 'execute-and-say-timed-out' },
  tooMany: { kind: 'too-many-requests' },
  down: { kind: 'server-error', status: 503 },
  page: { kind: 'html-200' },
  cutOff: { kind: 'truncated-json' },
};

const held = 40;
/** A clock of its own, so that none of ours is taken for the broker's. */
const skewSeconds = 7_200;

async function arm({ admin }: Bench, fault: object): Promise<void> {
  const { status } = await admin('POST', '/paper/faults', { ...fault, times: 1 });
  expect(status).toBe(200);
}

function venueAt(bench: Bench): Venue {
  const { paper } = bench;
  return {
    broker: openBroker(fixedCredentials(paper), { rest: paper.rest }),
    userId: 'PX0001',
    stock: { symbol: 'INFY', price: paise(30_000), tick: paise(5) },
    held,
    clockAheadMs: -skewSeconds * 1_000,
    date,
    settle: () => bench.play(5_000),
    tradeAt: (price, quantity) => paper.exchange.print('INFY', price, quantity),
    breakLine: (fault) => arm(bench, faults[fault]),
    endSession: async () => {
      await bench.admin('POST', '/paper/session/expire');
    },
    orderByHand: ({ quantity, side, pricing }) =>
      bench.place({
        quantity,
        transaction_type: side,
        price: rupeesFromPaise(pricing.price),
      }),
    openFeed: (listener, options) =>
      openFeed(
        fixedCredentials({ apiKey: paper.apiKey, accessToken: paper.accessToken }),
        { feed: paper.ticker },
        listener,
        options,
      ),
  };
}

describe('the Kite adapter at the paper exchange', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await startBench({
      source: { kind: 'scripted', instruments: [{ tradingsymbol: 'INFY', price: 300 }] },
      dateSkewSeconds: skewSeconds,
      holdings: [{ tradingsymbol: 'INFY', quantity: held, averagePrice: paise(800) }],
    });
  });
  afterEach(() => bench.paper.close());

  test.each(brokerContract.map(([id, one]) => [id, one.holds, one] as const))(
    '%s %s',
    async (_, __, { run }) => run(venueAt(bench)),
  );
});

test('every case has an id of its own', () => {
  const ids = brokerContract.map(([id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
