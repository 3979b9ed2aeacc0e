// Goal: one command runs a whole day, on generated and on real input, and leaves the right things: books that
// agree, every alert once although the receiver was away, no secret anywhere, histories that replay, nothing
// running.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { Worker, type ReplayWorkerOptions } from '@temporalio/worker';
import { temporal } from '@temporalio/proto';
import type { DayFacts } from '../../activities/reports';
import { workerConverter } from '../../infra/temporal/connect';
import type { Refusal } from '../../infra/temporal/payloadCodec';
import { payloadKeysIn } from '../../infra/temporal/payloadKeys';
import type { ParityReport } from '../../domain/parity';
import {
  filesUnder,
  hasSharedData,
  newHome,
  processesOf,
  ratchet,
  sharedNse,
  startRatchet,
  eventually,
} from '../support/ratchet';
import { HostileFeeds, unreadable } from '../support/hostileFeeds';
import { WebhookReceiver } from '../support/webhookReceiver';

const dayMs = 20 * 60_000;

const runFile = (home: string, name: string): string =>
  filesUnder(join(home, 'runs')).find((file) => file.endsWith(name)) ?? name;

const factsOf = (home: string): DayFacts =>
  JSON.parse(readFileSync(runFile(home, 'facts.json'), 'utf8')) as DayFacts;

function expectSoundDay(facts: DayFacts): void {
  const directions = new Set(facts.trades.map((trade) => trade.intent.direction));
  expect([...directions].sort()).toEqual(['LONG', 'SHORT']);
  expect(facts.ledgerSum).toBe(0);
  expect(facts.closingCash).toBe(facts.openingCash + facts.netPnl);
  const { charges, cash } = facts.endOfDay ?? {};
  if (charges?.kind !== 'compared' || cash?.kind !== 'compared')
    throw new Error(`the end of the day was not compared: ${JSON.stringify(facts.endOfDay)}`);
  expect(charges).toMatchObject({ agrees: true, brokers: charges.ours, differing: [] });
  expect(cash).toMatchObject({ agrees: true, obstacles: [], paidIn: 0 });
  expect(cash.moved).toEqual({ ours: facts.grossPnl, brokers: facts.grossPnl });
  expect(cash.free.brokers).toBe(facts.openingCash + facts.grossPnl);
  for (const { view } of facts.trades) {
    // On a machine slow enough the broker's own square-off comes first, and the books still agree.
    expect(['stop', 'target', 'squareOff', 'elsewhere']).toContain(view.exitReason);
    expect(view.phase).toBe('closed');
  }
}

describe('a generated day, with every hostile feed of news beside the exchange’s own', () => {
  const home = newHome();
  const hostile = new HostileFeeds();
  const canary = 'canary7f3a9c2e5b8d1046';
  const secret = `whsec_${Buffer.from(`${canary}-webhook-secret-key`).toString('base64')}`;
  const receiver = new WebhookReceiver(secret);
  let facts: DayFacts;
  let parity: ParityReport;
  let stdout = '';
  /** `ratchet day status` in the middle of the day. */
  let status = '';
  const sourceAlerts = (): string[] =>
    receiver.received.filter(({ type }) => type === 'sentiment.source_failed').map(({ id }) => id);

  beforeAll(async () => {
    const config = join(home, 'config.json');
    await hostile.listen();
    const webhooks = [{ url: await receiver.listen() }];
    writeFileSync(config, JSON.stringify({ webhooks, feeds: hostile.feeds() }));
    const started = startRatchet(
      ['run', '--config', config, '--histories', join(home, 'histories')],
      home,
      {
        RATCHET_KITE_API_KEY: `${canary}key`,
        RATCHET_KITE_API_SECRET: `${canary}secret`,
        RATCHET_KITE_ACCESS_TOKEN: `${canary}token`,
        RATCHET_WEBHOOK_SECRETS: secret,
        // Makes the day and its positions continue as new several times.
        RATCHET_SUGGEST_CONTINUE_AS_NEW: '250',
      },
    );
    // Once the first alert has come, the receiver is out until it has missed several.
    await eventually(() => (receiver.received.length > 0 ? true : undefined), dayMs);
    receiver.out = true;
    await eventually(() => (receiver.missed >= 3 ? true : undefined), dayMs);
    receiver.out = false;
    await eventually(() => (sourceAlerts().length > 0 ? true : undefined), dayMs);
    status = (await ratchet(['day', 'status'], home)).stdout;
    const result = await started.ended;
    stdout = result.stdout;
    if (result.code !== 0)
      throw new Error(
        `ratchet run ended with ${String(result.code)}: ${result.stderr.slice(-3000)}`,
      );
    facts = factsOf(home);
    parity = JSON.parse(readFileSync(runFile(home, 'parity.json'), 'utf8')) as ParityReport;
  }, dayMs);
  afterAll(() => {
    hostile.close();
    return receiver.close();
  });

  test('ends with its report, longs and shorts all closed, books that agree', () => {
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^report: .+\.html$/);
    expectSoundDay(facts);
  });

  test('the same functions make the same of its stored candles: every number, answer and trade', () => {
    expect(parity.differences).toEqual([]);
    expect(parity.decisions).toBeGreaterThan(500);
    expect(parity.riskAnswers).toBeGreaterThan(facts.trades.length);
    expect(parity.trades).toBeGreaterThanOrEqual(facts.trades.length);
  });

  test('every alert arrived signed, exactly the ones the day recorded, in spite of the outage', () => {
    expect(receiver.refused).toEqual([]);
    expect(receiver.missed).toBeGreaterThan(0);
    const arrived = [...new Set(receiver.received.map((alert) => alert.id))].sort();
    expect(arrived).toEqual(facts.alerts.map((alert) => alert.id).sort());
    expect(facts.alerts.every((alert) => alert.delivered)).toBe(true);
    const count = (type: string): number =>
      facts.alerts.filter((alert) => alert.type === type).length;
    expect(count('trade.opened')).toBe(facts.trades.length);
    expect(count('trade.closed')).toBe(facts.trades.length);
    const opened = receiver.received
      .map(
        ({ body }) => JSON.parse(body) as { type: string; data: { intentId: string; why: string } },
      )
      .filter(({ type }) => type === 'trade.opened');
    for (const { intent } of facts.trades) {
      const told = opened.find(({ data }) => data.intentId === intent.intentId);
      expect(told?.data.why).toBe(intent.reason);
      expect(told?.data.why).toMatch(new RegExp(`^${intent.direction} trade executed due to `));
    }
  });

  test('hostile feeds cost themselves alone: each is named in status, report and alert, none held a bar up', () => {
    const { news } = facts;
    expect(news.passes).toBeGreaterThan(5);
    const failed = news.failures.map(({ source }) => source);
    expect(failed).toEqual(expect.arrayContaining(Object.keys(unreadable)));
    for (const well of ['paper exchange', 'good', 'flood', 'future', 'headline model'])
      expect(failed).not.toContain(well);
    const alerts = new Set(sourceAlerts().map((id) => id.split('_').at(-1)));
    expect([...alerts]).toEqual(expect.arrayContaining(Object.keys(unreadable)));
    expect(status).toMatch(/news as of \d\d:\d\d:\d\d: \d+ headlines in the window/);
    expect(status).toMatch(/hangs failed \d+ × in a row: no whole answer within 5000 ms/);
    expect(news.stocks.some(({ views }) => views.some(({ confidence }) => confidence > 0))).toBe(
      true,
    );
    // A second of a busy machine is three minutes of this day. A bar may be late, but the loop is not
    // delayed.
    const late = facts.alerts.filter(({ type }) => type === 'feed.stale');
    expect(late.length).toBeLessThan(10);
  });

  test('an alert of a trade that the news spoke for names the headline', () => {
    const opened = receiver.received.filter(({ type }) => type === 'trade.opened');
    const named = opened.filter(({ body }) => body.includes('news sentiment detected: '));
    expect(named.length).toBeGreaterThan(0);
    for (const { body } of named) expect(body).toContain('(paper exchange)');
  });

  test('no secret is in any log, history, database, alert or report', () => {
    const digest = createHash('sha256').update(join(home, 'postgres')).digest('hex').slice(0, 12);
    const places = [
      join(home, 'runs'),
      join(home, 'histories'),
      join(home, 'postgres'),
      join('/var/lib/ratchet/clusters', digest, 'data'),
    ];
    const files = places.flatMap(filesUnder);
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => readFileSync(file).includes(canary))).toEqual([]);
    expect(receiver.received.filter((alert) => alert.body.includes(canary))).toEqual([]);
    expect(stdout).not.toContain(canary);
  });

  test('no history says in plain text what is held and where its stop is', () => {
    const folder = join(home, 'histories');
    for (const name of readdirSync(folder))
      expect(readFileSync(join(folder, name)).toString('latin1')).not.toMatch(
        /Ratchet(Symbol|Direction|Phase|Stop|Target|Pnl)/,
      );
  });

  test(
    'every recorded history replays',
    async () => {
      const folder = join(home, 'histories');
      const histories = readdirSync(folder).map((name) => ({
        workflowId: name.split('.')[0] ?? name,
        history: temporal.api.history.v1.History.decode(readFileSync(join(folder, name))),
      }));
      const codePath = resolve(__dirname, '../../lib/workflow-bundle.js');
      const keys = { RATCHET_PAYLOAD_KEYS: payloadKeysIn(home) };
      const foreign: Refusal[] = [];
      const dataConverter = workerConverter('ratchet', (one) => void foreign.push(one), keys);
      const broken = await notReplayed({ workflowBundle: { codePath }, dataConverter }, histories);
      expect([broken, foreign]).toEqual([[], []]);
      expect(histories.length).toBeGreaterThan(facts.trades.length);
      const withoutKey = await notReplayed({ workflowBundle: { codePath } }, histories);
      expect(withoutKey).toHaveLength(histories.length);
    },
    dayMs,
  );

  test('nothing is left running', () => {
    expect(processesOf(home)).toEqual([]);
  });
});

/** The histories that do not replay, each with why. */
async function notReplayed(
  options: ReplayWorkerOptions,
  histories: Parameters<typeof Worker.runReplayHistories>[1],
): Promise<readonly string[]> {
  const broken: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories))
    if (error !== undefined) broken.push(`${workflowId}: ${error.message}`);
  return broken;
}

(hasSharedData ? describe : describe.skip)('the real day 2021-04-15', () => {
  test(
    'ends with its report, longs and shorts all closed, books that agree',
    async () => {
      const home = newHome();
      const { code, stderr, stdout } = await ratchet(
        ['run', '--replay', sharedNse, '--date', '2021-04-15'],
        home,
      );
      if (code !== 0) throw new Error(stderr.slice(-3000));
      expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^report: .+\.html$/);
      expectSoundDay(factsOf(home));
      expect(processesOf(home)).toEqual([]);
    },
    dayMs,
  );
});

describe('headlines of a file', () => {
  test(
    'are scored by the shipped model, each for its company, whatever stands inside their cells',
    async () => {
      const home = newHome();
      const input = join(home, 'in.csv');
      const out = join(home, 'out.csv');
      const texts = ['SBI profit ""doubles"", beats estimates', 'Tata Steel slips,\nmargins fall'];
      writeFileSync(
        input,
        `text,entity,id\n"${texts[0] ?? ''}",SBI,1\n"${texts[1] ?? ''}",Tata Steel,2\n`,
      );
      const { code, stderr } = await ratchet(
        ['sentiment', '--score-file', input, '--out', out],
        home,
      );
      expect(stderr).not.toContain('ratchet:');
      expect(code).toBe(0);
      const written = readFileSync(out, 'utf8');
      expect(written.split('\n')[0]).toBe(
        'text,entity,id,label,score,negative,neutral,positive,version',
      );
      expect(written).toMatch(/SBI,1,positive,0\.\d+/);
      expect(written).toMatch(/Tata Steel,2,negative,-0\.\d+/);
      expect(processesOf(home)).toEqual([]);
    },
    dayMs,
  );
});

describe('bad input', () => {
  test.each([
    ['an unknown option', ['run', '--nonsense'], "unknown option '--nonsense'"],
    [
      'a holiday',
      ['run', '--date', '2026-11-24'],
      '2026-11-24 is not a trading day at NSE (holiday)',
    ],
    ['a date that is none', ['run', '--date', 'tomorrow'], 'date must be a calendar date'],
    [
      'a missing data folder',
      ['run', '--replay', '/nowhere/at/all', '--date', '2021-04-15'],
      '/nowhere/at/all',
    ],
    ['a world of no name', ['run', '--world', 'No Name'], '--world must be 1 to 32 of a-z'],
    ['sessions of no world', ['run', '--sessions', '2'], '--sessions needs --world NAME'],
    ['a malformed speed', ['run', '--speed', 'fast'], 'must be a number from 1 to 400'],
    [
      'a score file that is none',
      ['sentiment', '--score-file', 'package.json', '--out', 'x'],
      'column text',
    ],
    ['no running system', ['day', 'status'], 'no system is running in this checkout'],
  ])(
    '%s is one sentence and a non-zero exit',
    async (_, args, sentence) => {
      const home = newHome();
      const { code, stderr } = await ratchet(args, home);
      expect(code).not.toBe(0);
      expect(stderr).toContain(sentence);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(processesOf(home)).toEqual([]);
    },
    dayMs,
  );

  test(
    'a port in use is named, and nothing stays running',
    async () => {
      const home = newHome();
      const taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      const { port } = taken.address() as AddressInfo;
      const { code, stderr } = await ratchet(['run', '--ui-port', String(port)], home);
      taken.close();
      expect(code).not.toBe(0);
      expect(stderr).toContain(`port ${port} is in use on 127.0.0.1`);
      expect(processesOf(home)).toEqual([]);
    },
    dayMs,
  );

  test.each([
    ['{ "account": "Bad Name" }', 'account must be 1 to 31 lower-case'],
    ['{ "risk": { "leverage": 50 } }', 'risk.leverage must be a number between 1 and 5, was 50'],
    ['{ "nonsense": 1 }', 'nonsense is not a known key'],
    ['{ not json', 'is not valid JSON'],
  ])(
    'the config %s is refused by name',
    async (text, sentence) => {
      const home = newHome();
      writeFileSync(join(home, 'config.json'), text);
      const { code, stderr } = await ratchet(['run', '--config', join(home, 'config.json')], home);
      expect(code).not.toBe(0);
      expect(stderr).toContain(sentence);
    },
    dayMs,
  );
});
