// Trading with real money is switched on by a person, once, by typing the broker's user id. The consent holds
// for the limits of that moment: whoever raises one is asked again.
import type { RiskLimits } from '../risk';
import { formatRupees, type EpochMs, type Paise } from '../units';

/** JSON-plain. */
export interface LiveConsent {
  readonly account: string;
  readonly kiteUser: string;
  /** The login name on this machine. */
  readonly by: string;
  /** Host clock. */
  readonly at: EpochMs;
  readonly risk: RiskLimits;
  /** Null or absent: without a cap. */
  readonly capitalMax?: Paise | null;
  readonly dayLossMax?: Paise | null;
}

/** What the configuration says now. */
export type LiveTerms = Omit<LiveConsent, 'by' | 'at'>;

/** Limits of which less is riskier. */
const floors: readonly string[] = ['orderValueMin', 'cooldownMinutes'];

/** Why a person has to be asked (again), in one sentence; null where the consent covers it. */
export function whyNotConsented(consent: LiveConsent | null, terms: LiveTerms): string | null {
  const { account, kiteUser, risk } = terms;
  if (consent?.account !== account)
    return `live trading of account ${account} has never been enabled`;
  if (consent.kiteUser !== kiteUser)
    return `live trading was enabled for user ${consent.kiteUser}, not for ${kiteUser}`;
  const before: Readonly<Record<string, unknown>> = { ...consent.risk };
  const raised = (['capitalMax', 'dayLossMax'] as const).find(
    (key) => (terms[key] ?? Infinity) > (consent[key] ?? Infinity),
  );
  if (raised !== undefined)
    return `${raised} is ${inRupees(terms[raised])}, but live trading was enabled with ${inRupees(consent[raised])}`;
  const riskier = Object.entries(risk).find(([key, value]) => isRiskier(key, before[key], value));
  if (riskier === undefined) return null;
  const [key, value] = riskier;
  return `risk.${key} is ${String(value)}, but live trading was enabled with ${String(before[key])}`;
}

const inRupees = (cap: Paise | null | undefined): string =>
  cap === null || cap === undefined ? 'not set' : formatRupees(cap);

function isRiskier(key: string, before: unknown, now: unknown): boolean {
  if (typeof before !== 'number' || typeof now !== 'number') return before !== now;
  return floors.includes(key) ? now < before : now > before;
}
