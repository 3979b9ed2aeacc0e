// Goal: what is shown as an example works: each configuration is accepted, the policy is one, and the receiver
// believes our own sender and nobody else.
import { Secret } from '../../domain/secret';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { webhookChannel } from '../../activities/alerts/webhookChannel';
import { configCommand } from '../../cli/commands/config';
import { readPolicy } from '../../cli/commands/positions';
import { trailingPolicySchema } from '../../domain/trailing';

const folder = join(__dirname, '../../examples');
const policyFile = join(folder, 'trailing-policy.json');

describe('configurations', () => {
  const files = readdirSync(folder).filter(
    (file) => file.endsWith('.json') && file !== 'trailing-policy.json',
  );
  test.each(files)('ratchet config check %s', async (file) => {
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    await configCommand.parseAsync(['check', join(folder, file)], { from: 'user' });
    expect(written.mock.calls).toEqual([[expect.stringMatching(/is a valid configuration\n$/)]]);
    written.mockRestore();
  });
});

test('the trailing policy has every key of one', () => {
  expect(Object.keys(readPolicy(policyFile))).toEqual(
    Object.keys(trailingPolicySchema.unwrap().shape),
  );
});

describe('the webhook receiver', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const otherSecret = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
  const nextSecret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
  let receiver: ChildProcessByStdio<null, Readable, Readable>;
  let url = '';
  let printed = '';
  /** The alerts printed, once there are so many. */
  const alerts = async (count: number): Promise<readonly unknown[]> => {
    while (printed.split('\n').length <= count) await once(receiver.stdout, 'data');
    return printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  };

  beforeAll(async () => {
    receiver = spawn(process.execPath, [join(folder, 'webhookReceiver.mjs'), '0'], {
      env: { ...process.env, RATCHET_WEBHOOK_SECRETS: `${secret},${nextSecret}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    receiver.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const [line] = (await once(receiver.stderr, 'data')) as [Buffer];
    url = /http:\S+/.exec(line.toString())?.[0] ?? '';
  });
  afterAll(async () => {
    receiver.kill();
    await once(receiver, 'exit');
  });

  const deliver = (id: string, secrets: readonly string[], now = Date.now()): Promise<void> =>
    webhookChannel(
      { url, secrets: secrets.map((one) => new Secret(one)) },
      { loopbackDevelopment: true, now: () => now },
    ).send({
      ...{ id, account: 'test', type: 'trade.opened', body: { quantity: 5 } },
      timestamp: '2026-11-19T04:00:00.000Z',
    });

  test('prints what our sender signs, once however often it is delivered', async () => {
    await deliver('first', [secret]);
    await deliver('first', [secret]);
    // While secrets are changed it takes the next one too.
    await deliver('first', [nextSecret]);
    await deliver('second', [otherSecret, secret]);
    const told = { type: 'trade.opened', data: { quantity: 5 } };
    const timestamp = '2026-11-19T04:00:00.000Z';
    expect(await alerts(2)).toEqual([
      { ...told, timestamp },
      { ...told, timestamp },
    ]);
  });

  test('refuses another secret, an old signature and no signature', async () => {
    await expect(deliver('third', [otherSecret])).rejects.toThrow(/answered 401/);
    await expect(deliver('fourth', [secret], Date.now() - 600_000)).rejects.toThrow(/401/);
    const { status } = await fetch(url, { method: 'POST', body: '{}' });
    expect(status).toBe(401);
    await deliver('fifth', [secret]);
    expect(await alerts(3)).toHaveLength(3);
  });
});
