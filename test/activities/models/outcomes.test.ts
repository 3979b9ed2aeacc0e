// Goal: outcomes of real trades reach the A/B test. Scores are asked by stock and bar, trades settle in the
// records, and each outcome is reported once, by the key of its score. The model server and Postgres are
// real; nothing here touches a position.
import { Secret } from '../../../domain/secret';
import type { Pool } from 'pg';
import { createLedgerActivities } from '../../../activities/ledger';
import { storeWhyRows } from '../../../activities/marketData/whyRecords';
import { createModelClient, type OutcomeClient } from '../../../activities/models';
import { tellOutcomes } from '../../../activities/models/outcomes';
import type { WhyRow } from '../../../domain/decision';
import type { BookOrder, Fill } from '../../../domain/orders/order';
import { intentIdOf, type Intent, type PositionView } from '../../../domain/position';
import { scoreKeyOf, signalModel } from '../../../domain/rollout/tradeOutcome';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs, paise, shares, type EpochMs, type Side } from '../../../domain/units';
import { startModelServer, type ModelServer } from '../../../serving/index';
import { logisticConfig, ModelFolder } from '../../serving/support/modelFolder';
import { logisticModel } from '../../serving/support/onnxWriter';
import { hasPostgres, unguarded, useDatabase, type TestDatabase } from '../../support/database';
import { positionTerms } from '../../support/positionTerms';

const { intent: plain } = positionTerms();
const { account, date, instrument } = plain;
const closed = { phase: 'closed', exitReason: 'stop' } as PositionView;
const minute = 60_000;
const barOf = (index: number): EpochMs => epochMs(istInstant(date, '00:00') + index * minute);

(hasPostgres ? describe : describe.skip)('outcomes of trades', () => {
  let pool: Pool;
  let told: { routingKey: string; success: boolean }[];
  /** What the stand-in answers next. */
  let answer: () => Promise<string>;
  const standIn: OutcomeClient = {
    reportOutcome: async (model, outcome) => {
      expect(model).toBe(signalModel);
      const said = await answer();
      told.push(outcome);
      return said;
    },
  };
  let database: TestDatabase;
  useDatabase((made, opened) => {
    pool = made;
    database = opened;
  });
  beforeEach(async () => {
    await unguarded(
      database,
      'truncate model_outcome, position_result, fill, broker_order, intent, analysis cascade',
    );
    told = [];
    answer = () => Promise.resolve('counted for the stable');
  });

  /** A trade decided on a bar: bought at ₹1,000 and sold for this much, or never filled. */
  async function trade(barEnd: EpochMs, soldAt: number | undefined): Promise<string> {
    const ledger = createLedgerActivities(pool, () => Promise.resolve());
    const intentId = intentIdOf(date, instrument.instrumentToken, barEnd);
    const intent: Intent = { ...plain, intentId };
    await ledger.recordIntent(intent);
    if (soldAt !== undefined) {
      const fills = [fill(intentId, 'BUY', 100_000), fill(intentId, 'SELL', soldAt)];
      const orders: BookOrder[] = [];
      await ledger.recordPosition(intentId, { orders, fills, trail: null });
    }
    await ledger.settlePosition(intentId, closed);
    return intentId;
  }

  /** The analysis of that bar, with the key under which an outcome is waited for, if one is. */
  const analysed = (barEnd: EpochMs, outcomeKey?: string): Promise<void> =>
    storeWhyRows(pool, account, [
      {
        tradingsymbol: instrument.tradingsymbol,
        barAt: epochMs(barEnd - 5 * minute),
        action: 'LONG',
        reason: 'a test',
        trail: { model: { probabilityLong: 1, probabilityShort: 0, version: '1', outcomeKey } },
      } as unknown as WhyRow,
    ]);
  const keyOf = (barEnd: EpochMs): string => scoreKeyOf(account, instrument.tradingsymbol, barEnd);
  const stored = async (): Promise<unknown> =>
    (await pool.query('select routing_key, success, answer from model_outcome order by 1')).rows;

  test('profit after charges is success, and each trade is told once', async () => {
    const [won, thin, lost] = [barOf(0), barOf(1), barOf(2)] as const;
    for (const bar of [won, thin, lost]) await analysed(bar, keyOf(bar));
    await trade(won, 110_000);
    await trade(thin, 100_005);
    await trade(lost, 90_000);
    expect(await tellOutcomes(pool, standIn, Date.now())).toBe(3);
    expect(told).toEqual([
      { routingKey: keyOf(won), success: true },
      { routingKey: keyOf(thin), success: false },
      { routingKey: keyOf(lost), success: false },
    ]);
    expect(await tellOutcomes(pool, standIn, Date.now())).toBe(0);
    expect(told).toHaveLength(3);
  });

  test('nothing is told that no A/B test asked for, never filled, or closed long ago', async () => {
    await analysed(barOf(0));
    await trade(barOf(0), 110_000);
    await analysed(barOf(1), keyOf(barOf(1)));
    await trade(barOf(1), undefined);
    await analysed(barOf(2), keyOf(barOf(2)));
    await trade(barOf(2), 110_000);
    expect(await tellOutcomes(pool, standIn, Date.now() + 2 * 86_400_000)).toBe(0);
    expect(told).toEqual([]);
    expect(await tellOutcomes(pool, standIn, Date.now())).toBe(1);
  });

  test('a server that does not answer is told later, one that refuses is not asked again', async () => {
    await analysed(barOf(0), keyOf(barOf(0)));
    await trade(barOf(0), 110_000);
    answer = () => Promise.reject(new Error('connection refused'));
    await expect(tellOutcomes(pool, standIn, Date.now())).rejects.toThrow('connection refused');
    expect(await stored()).toEqual([]);
    answer = () => Promise.resolve('refused: not answered in this step');
    await tellOutcomes(pool, standIn, Date.now());
    expect(await stored()).toEqual([
      { routing_key: keyOf(barOf(0)), success: true, answer: 'refused: not answered in this step' },
    ]);
    expect(await tellOutcomes(pool, standIn, Date.now())).toBe(0);
  });

  describe('with a model server', () => {
    const folder = new ModelFolder();
    const token = new Secret('of-those-who-tell-how-it-turned-out');
    let server: ModelServer;
    beforeAll(async () => {
      folder.add(signalModel, '1', logisticModel([1, 1], 0), logisticConfig(2));
      server = await startModelServer({
        ...folder.served,
        tokens: { outcomes: token.reveal() },
        limits: { judgeEveryMs: 3_600_000 },
      });
      folder.add(signalModel, '2', logisticModel([1, 1.01], 0), logisticConfig(2));
    });
    afterAll(async () => {
      await server.close();
      folder.remove();
    });

    test('trades on the better version promote it', async () => {
      const policy = {
        canaryPercents: [50],
        minSamples: 1,
        minStepMs: 0,
        outcomeKeys: 20,
        latencyMinSamples: 100_000,
        driftMinSamples: 100_000,
      };
      const start = { by: 'tester', reason: 'a test', conductor: 'server', id: 'salt' } as const;
      await server.rollouts.start({ model: signalModel, candidate: '2', policy, ...start });
      const client = createModelClient(server.url, { deadlineMs: 30_000, scoreToken: token });
      const phase = (): string => server.rollouts.report(signalModel).phase.kind;
      for (let index = 0; phase() === 'shadow'; index += 1) {
        await client.score(signalModel, [[index / 1_000, 1]], 'early');
        server.rollouts.judgeAll();
      }
      for (let index = 0; index < 60; index += 1) {
        const bar = barOf(index);
        const scores = await client.score(signalModel, [[index / 100, 1]], keyOf(bar));
        expect(scores.outcomeWanted).toBe(true);
        await analysed(bar, keyOf(bar));
        await trade(bar, scores.version === '2' ? 110_000 : 90_000);
      }
      expect(await tellOutcomes(pool, client, Date.now())).toBe(60);
      server.rollouts.judgeAll();
      expect(phase()).toBe('promoted');
      const { rows } = await pool.query('select distinct answer from model_outcome order by 1');
      expect(rows).toEqual([
        { answer: 'counted for the candidate' },
        { answer: 'counted for the stable' },
      ]);
    });
  });
});

function fill(intentId: string, side: Side, price: number): Fill {
  const id = `${intentId}-${side}`;
  return {
    tradeId: id,
    orderId: id,
    side,
    at: epochMs(1),
    quantity: shares(10),
    price: paise(price),
  };
}
