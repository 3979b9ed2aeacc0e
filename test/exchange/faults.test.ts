// Each fault happens as described, as often as asked, and not otherwise.
import { paise } from '../../domain/units';
import { listen, packetsOf, startBench, until, type Bench } from './support';

let bench: Bench;

beforeEach(async () => {
  asked.clear();
  bench = await startBench();
});

/** Nothing happens that was not asked for. */
afterEach(async () => {
  const { body } = await bench.admin('GET', '/paper/faults');
  const happened = Object.keys(body.data['happened'] as object);
  expect(happened.filter((kind) => !asked.has(kind))).toEqual([]);
  await bench.paper.close();
});

const infy = 408_065;
const asked = new Set<string>();
const arm = (fault: { readonly kind: string; readonly [field: string]: unknown }) => {
  asked.add(fault.kind);
  return bench.admin('POST', '/paper/faults', fault);
};
const buy = { price: 9 };
const orders = async () => (await bench.kite.getOrders()).length;

async function quickClient(): Promise<Bench['kite']> {
  const { KiteConnect } = await import('kiteconnect');
  const { apiKey: api_key, rest: root, accessToken: access_token } = bench.paper;
  return new KiteConnect({ api_key, access_token, root, timeout: 150 });
}

const placeWith = (kite: Bench['kite'], price = 9) =>
  kite.placeOrder('regular', {
    exchange: 'NSE',
    tradingsymbol: 'INFY',
    product: 'MIS',
    quantity: 100,
    transaction_type: 'BUY',
    order_type: 'LIMIT',
    price,
  } as never);

describe('paper exchange: faults of requests', () => {
  test('execute-and-timeout: the client hears nothing, the order is live, the next one is answered', async () => {
    await arm({ kind: 'execute-and-timeout', on: 'place', times: 1 });
    const kite = await quickClient();
    const recorded = jest.spyOn(bench.paper.exchange.faults, 'listener');
    await expect(placeWith(kite)).rejects.toMatchObject({
      error_type: 'NetworkException',
      message: expect.stringContaining('ECONNABORTED') as string,
    });
    expect(await orders()).toBe(1);
    await bench.place(buy);
    expect(await orders()).toBe(2);
    expect(recorded.mock.calls).toEqual([['execute-and-timeout', 'place']]);
  });

  test('execute-and-timeout on modify and cancel carries them out', async () => {
    const orderId = await bench.place(buy);
    bench.play(1_000);
    const kite = await quickClient();
    await arm({ kind: 'execute-and-timeout', on: 'modify', times: 1 });
    await expect(kite.modifyOrder('regular', orderId, { price: 9.1 })).rejects.toBeDefined();
    bench.play(1_000);
    expect(await bench.row(orderId)).toMatchObject({ price: 9.1, status: 'OPEN' });
    await arm({ kind: 'execute-and-timeout', on: 'cancel', times: 1 });
    await expect(kite.cancelOrder('regular', orderId)).rejects.toBeDefined();
    bench.play(1_000);
    expect(await bench.row(orderId)).toMatchObject({
      status: 'CANCELLED',
      cancelled_quantity: 100,
    });
  });

  test('lost-request: nothing is heard and nothing was done', async () => {
    await arm({ kind: 'lost-request', on: 'place', times: 1 });
    await expect(placeWith(await quickClient())).rejects.toBeDefined();
    expect(await orders()).toBe(0);
  });

  test('execute-and-say-timed-out: a 400 that asks to check the book, and the order is in it', async () => {
    await arm({ kind: 'execute-and-say-timed-out', on: 'place', times: 1 });
    await expect(bench.place(buy)).rejects.toMatchObject({
      message: expect.stringContaining('timed out. Please check the order book') as string,
    });
    expect(await orders()).toBe(1);
  });

  test('slow: the answer comes after the asked time', async () => {
    await arm({ kind: 'slow', on: 'orders', times: 1, ms: 80 });
    const before = performance.now();
    expect(await orders()).toBe(0);
    expect(performance.now() - before).toBeGreaterThanOrEqual(75);
  });

  test('server-error: the asked status in Kite’s envelope, not executed', async () => {
    await arm({ kind: 'server-error', on: 'place', status: 502, times: 1 });
    await expect(bench.place(buy)).rejects.toMatchObject({
      status: 'error',
      message: 'OMS is not responding.',
    });
    expect(await orders()).toBe(0);
  });

  test('html-200: the client resolves with an error-shaped object', async () => {
    await arm({ kind: 'html-200', on: 'positions', times: 1 });
    expect(await bench.kite.getPositions()).toMatchObject({ error_type: 'DataException' });
    expect((await bench.kite.getPositions()).net).toEqual([]);
  });

  test('truncated-json: the request is carried out, its answer cannot be read', async () => {
    await arm({ kind: 'truncated-json', on: 'place', times: 1 });
    const answer = await bench.place(buy).catch(() => undefined);
    expect(answer).toBeUndefined();
    expect(await orders()).toBe(1);
  });

  test('too-many-requests and ip-refused come in the asked number', async () => {
    await arm({ kind: 'too-many-requests', on: 'orders', times: 2 });
    await expect(orders()).rejects.toMatchObject({ message: 'Too many requests' });
    await expect(orders()).rejects.toMatchObject({ message: 'Too many requests' });
    expect(await orders()).toBe(0);
    await arm({ kind: 'ip-refused', on: 'place', times: 1 });
    await expect(bench.place(buy)).rejects.toMatchObject({ error_type: 'PermissionException' });
  });

  test('a probability is drawn from the seed: two exchanges of one seed fail the same calls', async () => {
    const other = await startBench();
    const outcomes = async (one: Bench): Promise<boolean[]> => {
      await one.admin('POST', '/paper/faults', {
        kind: 'server-error',
        on: 'orders',
        probability: 0.5,
      });
      asked.add('server-error');
      const results: boolean[] = [];
      for (let call = 0; call < 30; call += 1) {
        results.push(
          await one.kite.getOrders().then(
            () => true,
            () => false,
          ),
        );
      }
      return results;
    };
    const [first, second] = [await outcomes(bench), await outcomes(other)];
    await other.paper.close();
    expect(first).toEqual(second);
    expect(new Set(first).size).toBe(2);
  });

  test('DELETE disarms, and an unknown kind is refused with the kinds there are', async () => {
    await arm({ kind: 'server-error' });
    await bench.admin('DELETE', '/paper/faults');
    expect(await orders()).toBe(0);
    const refused = await arm({ kind: 'gremlins' });
    expect(refused.status).toBe(400);
    expect(refused.body.message).toMatch(
      /kind must be one of execute-and-timeout, .*was "gremlins"/,
    );
  });
});

describe('paper exchange: faults of orders', () => {
  test('invisible-order: it exists and fills while the book does not show it', async () => {
    await arm({ kind: 'invisible-order', times: 1, ms: 60_000 });
    const orderId = await bench.place({ price: 10.2 });
    bench.play(1_000);
    expect(await orders()).toBe(0);
    expect((await bench.kite.getPositions()).net[0]?.quantity).toBe(100);
    bench.play(60_000);
    expect(await bench.row(orderId)).toMatchObject({ status: 'COMPLETE' });
  });

  test('reject-order: rejected later with the asked reason', async () => {
    await arm({ kind: 'reject-order', times: 1, message: 'Blocked today' });
    const orderId = await bench.place(buy);
    bench.play(1_000);
    expect(await bench.row(orderId)).toMatchObject({
      status: 'REJECTED',
      status_message: 'Blocked today',
    });
  });

  test('an order cancelled on its way never reaches the exchange', async () => {
    const orderId = await bench.place({ price: 10.2 });
    await bench.kite.cancelOrder('regular', orderId);
    bench.play(1_000);
    const history = await bench.kite.getOrderHistory(orderId);
    expect(history.map((row) => row.status)).toEqual([
      'PUT ORDER REQ RECEIVED',
      'CANCEL PENDING',
      'CANCELLED',
    ]);
  });

  test('stuck-pending: stays OPEN PENDING and refuses changes until its time', async () => {
    await arm({ kind: 'stuck-pending', times: 1, ms: 30_000 });
    const orderId = await bench.place(buy);
    bench.play(20_000);
    expect(await bench.row(orderId)).toMatchObject({ status: 'OPEN PENDING' });
    await expect(bench.kite.modifyOrder('regular', orderId, { price: 9.1 })).rejects.toMatchObject({
      message: 'Order cannot be modified as it is being processed.',
    });
    bench.play(20_000);
    expect(await bench.row(orderId)).toMatchObject({ status: 'OPEN' });
  });

  test('cancel-fill-race: the cancellation is accepted and the order fills', async () => {
    const orderId = await bench.place(buy);
    bench.play(1_000);
    await arm({ kind: 'cancel-fill-race', times: 1 });
    await bench.kite.cancelOrder('regular', orderId);
    bench.play(1_000);
    expect(await bench.row(orderId)).toMatchObject({ status: 'COMPLETE', filled_quantity: 100 });
  });

  test('ignored-modify: the change is acknowledged and the order stays as it was', async () => {
    const orderId = await bench.place(buy);
    bench.play(1_000);
    await arm({ kind: 'ignored-modify', times: 1 });
    expect(await bench.kite.modifyOrder('regular', orderId, { price: 9.5 })).toEqual({
      order_id: orderId,
    });
    bench.play(1_000);
    expect(await bench.row(orderId)).toMatchObject({ status: 'OPEN', price: 9 });
    await bench.kite.modifyOrder('regular', orderId, { price: 9.5 });
    bench.play(1_000);
    expect(await bench.row(orderId)).toMatchObject({ status: 'OPEN', price: 9.5 });
  });

  test('fill-limit: an order fills in parts, OPEN with filled > 0 between', async () => {
    await bench.admin('POST', '/paper/fill-limit', { quantity: 30 });
    const orderId = await bench.place({ price: 10.2 });
    bench.play(1_000);
    expect(await bench.row(orderId)).toMatchObject({
      status: 'OPEN',
      filled_quantity: 30,
      pending_quantity: 70,
    });
    await bench.admin('POST', '/paper/fill-limit', {});
    bench.play(10_000);
    expect(await bench.row(orderId)).toMatchObject({ status: 'COMPLETE' });
  });

  test('circuit: at the upper limit nothing is offered, so a buy does not fill until it is freed', async () => {
    await bench.admin('POST', '/paper/circuit', { tradingsymbol: 'INFY', side: 'upper' });
    const buying = await bench.place({ price: 15 });
    const selling = await bench.place({ price: 15, transaction_type: 'SELL' });
    bench.play(600_000);
    expect(await bench.row(buying)).toMatchObject({ status: 'OPEN', filled_quantity: 0 });
    expect(await bench.row(selling)).toMatchObject({ status: 'COMPLETE', average_price: 15 });
    const quote = await bench.kite.getQuote(['NSE:INFY']);
    expect(quote['NSE:INFY']?.depth.sell[0]?.quantity).toBe(0);
    expect(quote['NSE:INFY']?.last_price).toBe(quote['NSE:INFY']?.upper_circuit_limit);
    await bench.admin('POST', '/paper/circuit', { tradingsymbol: 'INFY', side: 'none' });
    await bench.admin('POST', '/paper/price', { tradingsymbol: 'INFY', price: 10 });
    expect(await bench.row(buying)).toMatchObject({ status: 'COMPLETE' });
    expect((await bench.kite.getLTP(['NSE:INFY']))['NSE:INFY']?.last_price).toBe(10);
  });

  test('band: limits outside the slid band are cancelled, new ones refused', async () => {
    const orderId = await bench.place(buy);
    bench.play(1_000);
    await bench.admin('POST', '/paper/band', { tradingsymbol: 'INFY', lower: 9.5, upper: 11 });
    expect(await bench.row(orderId)).toMatchObject({ status: 'CANCELLED' });
    await expect(bench.place(buy)).rejects.toMatchObject({
      message: expect.stringContaining('lower circuit limit of 9.5') as string,
    });
  });

  test('terminal-order: an order nobody here placed changes the same books', async () => {
    const placed = await bench.admin('POST', '/paper/terminal-order', {
      tradingsymbol: 'INFY',
      transaction_type: 'SELL',
      order_type: 'LIMIT',
      price: 9.9,
      quantity: 7,
      product: 'MIS',
    });
    bench.play(1_000);
    expect(await bench.row(String(placed.body.data['order_id']))).toMatchObject({
      tag: null,
      status: 'COMPLETE',
    });
    expect((await bench.kite.getPositions()).net[0]?.quantity).toBe(-7);
  });

  test('ticker disconnect: the server ends every socket, and a new one is taken', async () => {
    const listeners = [await listen(bench), await listen(bench)];
    const closed = listeners.map(
      ({ socket }) => new Promise((resolve) => socket.once('close', resolve)),
    );
    await bench.admin('POST', '/paper/ticker/disconnect');
    expect(await Promise.all(closed)).toEqual([1_001, 1_001]);
    (await listen(bench)).socket.terminate();
  });

  test('session expire: every call is a TokenException and the socket ends', async () => {
    const listener = await listen(bench);
    const closed = new Promise((resolve) => listener.socket.once('close', resolve));
    await bench.admin('POST', '/paper/session/expire');
    await expect(bench.kite.getProfile()).rejects.toMatchObject({ error_type: 'TokenException' });
    await closed;
    await expect(listen(bench)).rejects.toThrow(/403/);
  });
});

describe('paper exchange: faults of the ticker', () => {
  const price = (value: number) =>
    bench.admin('POST', '/paper/price', { tradingsymbol: 'INFY', price: value });
  const ltp = (packet: Buffer) => packet.readInt32BE(4);

  async function framesAfter(
    fault: Parameters<typeof arm>[0],
    prices: readonly number[],
    expected: number,
  ) {
    const listener = await listen(bench, [infy]);
    listener.frames.length = 0;
    await arm(fault);
    for (const value of prices) await price(value);
    await until(() => listener.frames.length >= expected);
    listener.socket.terminate();
    return listener.frames.flatMap(packetsOf);
  }

  test('without a fault every price arrives once and in order', async () => {
    const packets = await framesAfter({ kind: 'reject-order' }, [10.1, 10.2, 10.3], 3);
    expect(packets.map(ltp)).toEqual([1_010, 1_020, 1_030]);
  });

  test('ticker-stall: the asked number of ticks is missing while heartbeats go on', async () => {
    const listener = await listen(bench, [infy]);
    await arm({ kind: 'ticker-stall' });
    listener.frames.length = 0;
    const before = listener.heartbeats;
    await price(10.1);
    await until(() => listener.heartbeats >= before + 2);
    expect(listener.frames).toEqual([]);
    await bench.admin('DELETE', '/paper/faults');
    await price(10.2);
    await until(() => listener.frames.length > 0);
    listener.socket.terminate();
  });

  test('half-open: not even heartbeats, and the socket stays open', async () => {
    const listener = await listen(bench, [infy]);
    const watcher = await listen(bench);
    const healthy = await startBench();
    const control = await listen(healthy);
    await arm({ kind: 'half-open' });
    listener.frames.length = 0;
    const before = listener.heartbeats + watcher.heartbeats;
    await price(10.1);
    const beats = control.heartbeats;
    await until(() => control.heartbeats >= beats + 2);
    await healthy.paper.close();
    expect(listener.heartbeats + watcher.heartbeats).toBe(before);
    expect(listener.frames).toEqual([]);
    expect(listener.socket.readyState).toBe(listener.socket.OPEN);
    listener.socket.terminate();
    watcher.socket.terminate();
  });

  test('stale-ticks: the old packet comes again', async () => {
    const packets = await framesAfter({ kind: 'stale-ticks', times: 1 }, [10.1, 10.2], 2);
    expect(packets.map(ltp)).toEqual([1_000, 1_020]);
  });

  test('out-of-order-ticks: a packet comes after its successor', async () => {
    const packets = await framesAfter({ kind: 'out-of-order-ticks', times: 1 }, [10.1, 10.2], 2);
    expect(packets.map(ltp)).toEqual([1_020, 1_010]);
  });

  test('foreign-ticks: a token nobody asked for', async () => {
    const packets = await framesAfter({ kind: 'foreign-ticks', times: 1 }, [10.1], 1);
    expect(packets.map((packet) => packet.readInt32BE(0))).toEqual([infy, (999_999 << 8) | 1]);
  });

  test('spike-ticks: one price far away, then the true one', async () => {
    const packets = await framesAfter({ kind: 'spike-ticks', times: 1, pct: 30 }, [10.1], 2);
    expect(packets.map(ltp)).toEqual([1_313, 1_010]);
  });
});

describe('paper exchange: faults of order updates', () => {
  const statuses = (texts: Record<string, unknown>[]) =>
    texts.map(({ data }) => (data as Record<string, unknown>)['status']);

  /** The updates of an order that fills in two parts. */
  async function updatesUnder(fault: Parameters<typeof arm>[0] | undefined, expected: number) {
    const listener = await listen(bench);
    if (fault !== undefined) await arm(fault);
    bench.paper.exchange.floor.fillQuantityMax = 60;
    await bench.place({ price: 10.2 });
    bench.play(10_000);
    await until(() => listener.texts.length >= expected);
    listener.socket.terminate();
    return statuses(listener.texts);
  }

  test('none asked: a partial fill and the completion, nothing for the placement', async () => {
    expect(await updatesUnder(undefined, 2)).toEqual(['UPDATE', 'COMPLETE']);
  });

  test('lost-updates', async () => {
    expect(await updatesUnder({ kind: 'lost-updates', times: 1 }, 1)).toEqual(['COMPLETE']);
  });

  test('duplicate-updates', async () => {
    const seen = await updatesUnder({ kind: 'duplicate-updates', times: 1 }, 3);
    expect(seen).toEqual(['UPDATE', 'UPDATE', 'COMPLETE']);
  });

  test('reordered-updates', async () => {
    const seen = await updatesUnder({ kind: 'reordered-updates', times: 1 }, 2);
    expect(seen).toEqual(['COMPLETE', 'UPDATE']);
  });

  test('late-updates come after the asked market time', async () => {
    const listener = await listen(bench);
    await arm({ kind: 'late-updates', times: 1, ms: 20_000 });
    await bench.place({ price: 10.2 });
    bench.play(1_000);
    expect(bench.paper.exchange.account.fills).toHaveLength(1);
    bench.paper.exchange.print('INFY', paise(1_000), 1);
    expect(listener.texts).toEqual([]);
    bench.play(20_000);
    await until(() => listener.texts.length === 1);
    listener.socket.terminate();
  });
});
