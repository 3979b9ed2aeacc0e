// Goal: every channel has deliveries of its own. A dead one holds up nothing, a gone one is left alone for the
// day, and what was not delivered can be found and sent again.
import { ApplicationFailure } from '@temporalio/common';
import type { Pool } from 'pg';
import {
  createAlertActivities,
  createAlertRecordActivities,
  type AlertChannel,
  type AlertInput,
  type AlertRecordActivities,
} from '../../../activities/alerts';
import { alertOf, alertsSince, failedChannels } from '../../../activities/alerts/recordedAlerts';
import { istInstant } from '../../../domain/session/sessionClock';
import { hasPostgres, unguarded, useDatabase, type TestDatabase } from '../../support/database';

const alertNamed = (id: string): AlertInput => ({
  ...{ id, account: 'test', type: 'day.resumed', body: {} },
  timestamp: '2026-11-27T04:30:00.000Z',
});
const channelOf = (name: string, send: AlertChannel['send'] = () => Promise.resolve()) => ({
  name,
  takes: (type: string) => type !== 'trade.stop_moved',
  send,
});

(hasPostgres ? describe : describe.skip)('deliveries', () => {
  let pool: Pool;
  let now = 0;
  let records: AlertRecordActivities;
  let database: TestDatabase;
  useDatabase((made, opened) => {
    pool = made;
    database = opened;
  });
  beforeEach(async () => {
    await unguarded(database, 'truncate alert cascade');
    now = istInstant('2026-11-27', '10:00');
    records = createAlertRecordActivities(
      pool,
      [channelOf('dead'), channelOf('healthy')],
      () => now,
    );
  });
  const end = (id: string, channel: string, state: 'delivered' | 'failed' | 'gone') =>
    records.recordDelivery(id, { channel, state, ...(state !== 'delivered' && { said: state }) });
  const failedOf = async (id: string): Promise<readonly string[]> => {
    const alert = await alertOf(pool, 'test', id);
    return alert === undefined ? [] : failedChannels(alert);
  };
  const deliveredHost = async (id: string): Promise<string | null | undefined> => {
    const { rows } = await pool.query<{ delivered_host: string | null }>(
      'select delivered_host from alert where id = $1',
      [id],
    );
    return rows[0]?.delivered_host;
  };

  test('an alert is delivered once every channel has it', async () => {
    expect(await records.recordAlert(alertNamed('a'))).toEqual(['dead', 'healthy']);
    await end('a', 'healthy', 'delivered');
    expect(await deliveredHost('a')).toBeNull();
    await end('a', 'dead', 'delivered');
    expect(await deliveredHost('a')).toBe(String(now));
  });

  test('an alert that goes nowhere is delivered at once; one of a type left out goes nowhere', async () => {
    expect(await records.recordAlert({ ...alertNamed('a'), type: 'trade.stop_moved' })).toEqual([]);
    expect(await deliveredHost('a')).toBe(String(now));
  });

  test('recorded twice, an alert keeps what became of it', async () => {
    await records.recordAlert(alertNamed('a'));
    await end('a', 'healthy', 'delivered');
    await records.recordAlert(alertNamed('a'));
    await end('a', 'healthy', 'failed');
    const alert = await alertOf(pool, 'test', 'a');
    expect(alert?.deliveries).toEqual([
      { channel: 'dead', state: 'waiting', failures: 0, said: null },
      { channel: 'healthy', state: 'delivered', failures: 0, said: null },
    ]);
  });

  test('a channel that is gone gets nothing that day, and the next day again', async () => {
    await records.recordAlert(alertNamed('a'));
    await end('a', 'dead', 'gone');
    now += 60_000;
    expect(await records.recordAlert(alertNamed('b'))).toEqual(['healthy']);
    expect(await failedOf('b')).toEqual(['dead']);
    now = istInstant('2026-11-28', '00:00');
    expect(await records.recordAlert(alertNamed('c'))).toEqual(['dead', 'healthy']);
  });

  test('sent again with success, a channel that was gone is back', async () => {
    await records.recordAlert(alertNamed('a'));
    await end('a', 'dead', 'gone');
    now += 60_000;
    expect(await records.recordAlert({ ...alertNamed('a'), again: ['dead'] })).toEqual(['dead']);
    await end('a', 'dead', 'delivered');
    now += 60_000;
    expect(await records.recordAlert(alertNamed('b'))).toEqual(['dead', 'healthy']);
  });

  test('sent again to all, every channel gets it, those that have it too', async () => {
    await records.recordAlert(alertNamed('a'));
    await end('a', 'healthy', 'delivered');
    const again = { ...alertNamed('a'), again: 'all' } as const;
    expect(await records.recordAlert(again)).toEqual(['dead', 'healthy']);
  });

  test('a failed attempt is counted with its words, and the delivery is found', async () => {
    const refusing = channelOf('dead', () =>
      Promise.reject(ApplicationFailure.retryable('The endpoint answered 500.', 'EndpointRefused')),
    );
    const { sendAlert } = createAlertActivities(pool, [refusing, channelOf('healthy')]);
    await records.recordAlert(alertNamed('a'));
    await expect(sendAlert(alertNamed('a'), 'dead')).rejects.toThrow(/answered 500/);
    await expect(sendAlert(alertNamed('a'), 'dead')).rejects.toThrow(/answered 500/);
    await sendAlert(alertNamed('a'), 'healthy');
    const [alert] = await alertsSince(pool, 'test', 0);
    expect(alert?.deliveries).toContainEqual({
      ...{ channel: 'dead', state: 'waiting', failures: 2, said: 'The endpoint answered 500.' },
    });
    expect(await failedOf('a')).toEqual(['dead']);
  });

  test('a receiver that hangs takes four attempts at once, and none of a healthy one', async () => {
    let hanging = 0;
    const release: (() => void)[] = [];
    const hang = channelOf('dead', () => {
      hanging += 1;
      return new Promise<void>((resolve) => release.push(resolve));
    });
    const { sendAlert } = createAlertActivities(pool, [hang, channelOf('healthy')]);
    const sent = ['a', 'b', 'c', 'd'].map((id) => sendAlert(alertNamed(id), 'dead'));
    await expect(sendAlert(alertNamed('e'), 'dead')).rejects.toMatchObject({
      type: 'EndpointBusy',
      nonRetryable: false,
    });
    expect(hanging).toBe(4);
    await sendAlert(alertNamed('e'), 'healthy');
    for (const free of release) free();
    await Promise.all(sent);
    const next = sendAlert(alertNamed('e'), 'dead');
    release.at(-1)?.();
    await next;
    expect(hanging).toBe(5);
  });

  test('a channel that is no longer configured is not tried again', async () => {
    const { sendAlert } = createAlertActivities(pool, [channelOf('healthy')]);
    const unknown = { type: 'ChannelUnknown', nonRetryable: true };
    await expect(sendAlert(alertNamed('a'), 'dead')).rejects.toMatchObject(unknown);
  });
});
