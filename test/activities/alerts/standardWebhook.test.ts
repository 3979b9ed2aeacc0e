// Goal: the signature agrees with the specification's published vector and, both ways, with the reference
// library. The library notices any change of a signed part.
import { Secret } from '../../../domain/secret';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { signWebhook, webhookBody } from '../../../activities/alerts/standardWebhook';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

test('the published test vector gives the published signature', () => {
  expect(
    signWebhook({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestampSeconds: 1_614_265_330,
      body: '{"test": 2432232314}',
      secret: new Secret(secret),
    }),
  ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('the reference library agrees for any id, text and secret', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/),
      fc.string({ unit: 'grapheme' }),
      fc.uint8Array({ minLength: 24, maxLength: 64 }),
      (id, text, key) => {
        const whsec = `whsec_${Buffer.from(key).toString('base64')}`;
        const body = webhookBody({
          type: 'trade.opened',
          timestamp: '2026-11-23T09:15:00Z',
          data: { text },
        });
        const timestampSeconds = Math.floor(Date.now() / 1_000);
        const signature = signWebhook({ id, timestampSeconds, body, secret: new Secret(whsec) });
        const headers = {
          'webhook-id': id,
          'webhook-timestamp': String(timestampSeconds),
          'webhook-signature': signature,
        };
        const receiver = new Webhook(whsec);
        expect(receiver.verify(body, headers)).toEqual(JSON.parse(body));
        expect(receiver.sign(id, new Date(timestampSeconds * 1_000), body)).toBe(signature);
        expect(() => receiver.verify(`${body} `, headers)).toThrow();
        expect(() => receiver.verify(body, { ...headers, 'webhook-id': `${id}x` })).toThrow();
      },
    ),
  );
});

test.each(['a.b', '', 'a b', 'x'.repeat(129), 'a\nb'])('refuses the id %j', (id) => {
  expect(() =>
    signWebhook({ id, timestampSeconds: 1, body: '{}', secret: new Secret(secret) }),
  ).toThrow(/Alert id/);
});

test.each([
  'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'whsec_',
  'whsec_c2hvcnQ=',
  'whsec_not base64 at all, but long enough to be one!',
  `whsec_${Buffer.alloc(65).toString('base64')}`,
])('refuses the secret %j without repeating it', (wrong) => {
  const sign = (): string =>
    signWebhook({ id: 'a', timestampSeconds: 1, body: '{}', secret: new Secret(wrong) });
  expect(sign).toThrow(/24 to 64 bytes/);
});

test('refuses a type with other characters, a wrong instant and more than 20 kB', () => {
  const event = { type: 'day.started', timestamp: '2026-11-23T09:15:00+05:30', data: {} };
  expect(() => webhookBody({ ...event, type: 'day started' })).toThrow(/Alert type/);
  expect(() => webhookBody({ ...event, timestamp: 'yesterday' })).toThrow(/ISO 8601/);
  expect(() => webhookBody({ ...event, data: 'x'.repeat(20_000) })).toThrow(/at most 20000/);
});
