// The consent to trade an account with real money, in a private file of the account.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from '../domain/errors';
import { whyNotConsented, type LiveConsent, type LiveTerms } from '../domain/live/consent';
import { accountFolder } from './accountFolder';
import type { RatchetConfig } from './config/config';
import { replacePrivateFile } from './privateFiles';

const consentFile = (account: string): string => join(accountFolder(account), 'live.json');

/** What the configuration asks consent for. */
export const liveTerms = ({
  account,
  kiteUser = '',
  risk,
  capitalMax,
  dayLossMax,
}: RatchetConfig): LiveTerms => ({
  account,
  kiteUser,
  risk,
  capitalMax: capitalMax ?? null,
  dayLossMax: dayLossMax ?? null,
});

/** @throws Refused LIVE_NOT_ENABLED saying what to do. */
export function requireConsent(config: RatchetConfig): void {
  const file = consentFile(config.account);
  const consent = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LiveConsent) : null;
  const why = whyNotConsented(consent, liveTerms(config));
  if (why === null) return;
  throw new Refused({
    code: 'LIVE_NOT_ENABLED',
    message: `${why}; run \`ratchet live enable\` with this configuration`,
  });
}

export function writeConsent(consent: LiveConsent): string {
  const file = consentFile(consent.account);
  replacePrivateFile(file, JSON.stringify(consent, null, 2));
  return file;
}
