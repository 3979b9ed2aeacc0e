// Goal: consent to real money holds for one account, one user and the limits of its moment; a raised limit asks
// again, a lowered one does not.
import { whyNotConsented, type LiveConsent } from '../../../domain/live/consent';
import { riskLimitsSchema, type RiskLimits } from '../../../domain/risk';
import { epochMs, paise } from '../../../domain/units';

const risk = riskLimitsSchema.parse({});
const terms = { account: 'mine', kiteUser: 'ZX1234', risk };
const consent: LiveConsent = { ...terms, by: 'asha', at: epochMs(1_000) };

const under = (change: Partial<RiskLimits>): string | null =>
  whyNotConsented(consent, { ...terms, risk: { ...risk, ...change } });

test('what was agreed to is agreed to', () => {
  expect(whyNotConsented(consent, terms)).toBeNull();
});

test.each([
  ['nobody has agreed', null, terms, 'has never been enabled'],
  ['another account', consent, { ...terms, account: 'other' }, 'account other has never'],
  ['another user', consent, { ...terms, kiteUser: 'AB1' }, 'for user ZX1234, not for AB1'],
] as const)('%s: asked', (_, given, asked, sentence) => {
  expect(whyNotConsented(given, asked)).toContain(sentence);
});

test('a raised limit asks again by name, with both numbers', () => {
  const most = risk.riskPerTradeBps + 1;
  expect(under({ riskPerTradeBps: most })).toBe(
    `risk.riskPerTradeBps is ${most}, but live trading was enabled with ${risk.riskPerTradeBps}`,
  );
  expect(under({ capitalPool: 'separate' })).toContain('risk.capitalPool is separate');
});

test('a lowered limit does not ask, but a lowered floor does', () => {
  expect(under({ riskPerTradeBps: risk.riskPerTradeBps - 1 })).toBeNull();
  expect(under({ cooldownMinutes: risk.cooldownMinutes - 1 })).toContain('risk.cooldownMinutes');
});

test('a raised or removed cap asks again, a new or lowered one does not', () => {
  const capped = { ...consent, capitalMax: paise(5_000_000), dayLossMax: paise(100_000) };
  const now = { ...terms, capitalMax: paise(5_000_000), dayLossMax: paise(100_000) };
  expect(whyNotConsented(capped, now)).toBeNull();
  expect(whyNotConsented(consent, now)).toBeNull();
  expect(whyNotConsented(capped, { ...now, capitalMax: paise(4_000_000) })).toBeNull();
  expect(whyNotConsented(capped, { ...now, capitalMax: paise(5_000_001) })).toBe(
    'capitalMax is ₹50,000.01, but live trading was enabled with ₹50,000.00',
  );
  expect(whyNotConsented(capped, { ...now, dayLossMax: null })).toBe(
    'dayLossMax is not set, but live trading was enabled with ₹1,000.00',
  );
});
