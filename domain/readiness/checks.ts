// What must hold before an account trades, one check a line: what it is about, what a fault of it does, and what
// to do about one. A check judges facts alone.
import { addDays, listEndingSoon, listEnd } from '../session/calendar';
import { formatRupees, type Paise } from '../units';
import { judgeAddress } from './addressCheck';
import { clockOffBy, clockOffMaxMs } from './clock';
import type { Known, ProfileFact, ReadinessFacts, ReadinessNeeds } from './facts';
import { judgeProbe } from './probeCheck';
import { fails, holds, warns, type Verdict } from './verdict';

/** A: trading would be wrong or is impossible, so nothing is entered. B: a person should look. */
export type CheckClass = 'A' | 'B';

export interface Check {
  readonly class: CheckClass;
  /** What a person does about a fault, where the verdict says nothing better. */
  readonly remedy: string;
  readonly judge: (facts: ReadinessFacts, needs: ReadinessNeeds) => Verdict | null;
}

const lackOf = (items: readonly string[]): string => `${items.join(', ')} not enabled`;

const again = 'put that right, and check again';

/** A check of the profile, which no session means no knowledge of. */
const ofProfile =
  (judge: (profile: ProfileFact, needs: ReadinessNeeds) => Verdict) =>
  ({ profile }: ReadinessFacts, needs: ReadinessNeeds): Verdict =>
    profile.known
      ? judge(profile.value, needs)
      : fails('not known without a session', 'log in first');

const ofKnown =
  <Value>(
    fact: (facts: ReadinessFacts) => Known<Value>,
    judge: (value: Value, needs: ReadinessNeeds) => Verdict,
  ) =>
  (facts: ReadinessFacts, needs: ReadinessNeeds): Verdict => {
    const found = fact(facts);
    return found.known ? judge(found.value, needs) : fails(found.why, again);
  };

const inSeconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
/** NSE regroups its companies twice a year. */
const industriesAgeMaxDays = 365;
const gigabyte = 1_000_000_000;
const freeBytesMin = gigabyte;

export const checks = {
  session: {
    class: 'A',
    remedy: 'run `ratchet login`',
    judge: ({ profile, login }) =>
      profile.known
        ? holds(`answers for ${profile.value.userId}`)
        : fails(profile.why, ['run `ratchet login`', login ?? []].flat().join('; the page is ')),
  },
  user: {
    class: 'A',
    remedy: 'log in as that user, or correct kiteUser',
    judge: ofProfile(({ userId }, { user }) =>
      user === null || user === userId
        ? holds(user === null ? 'not needed: kiteUser names nobody' : userId)
        : fails(`the session is of ${userId}, but kiteUser is ${user}`),
    ),
  },
  segments: {
    class: 'A',
    remedy: 'have NSE enabled in the broker’s console',
    judge: ofProfile(({ exchanges }) =>
      exchanges.includes('NSE') ? holds(exchanges.join(', ')) : fails(lackOf(['NSE'])),
    ),
  },
  products: {
    class: 'A',
    remedy: 'have the product enabled by the broker, or change longProduct',
    judge: ofProfile((profile, needs) => {
      const missing = needs.products.filter((product) => !profile.products.includes(product));
      return missing.length === 0 ? holds(needs.products.join(', ')) : fails(lackOf(missing));
    }),
  },
  consent: {
    class: 'A',
    remedy: 'give the broker the demat consent (DDPI): without it, delivery shares cannot be sold',
    judge: (facts, needs) =>
      needs.products.includes('CNC')
        ? ofProfile(({ dematConsent }) => (dematConsent ? holds('given') : fails('not given')))(
            facts,
            needs,
          )
        : holds('not needed: nothing is bought as CNC'),
  },
  cash: {
    class: 'B',
    remedy: 'pay in money',
    judge: ofKnown<Paise>(
      ({ cash }) => cash,
      (cash) => (cash > 0 ? holds(formatRupees(cash)) : fails(formatRupees(cash))),
    ),
  },
  clock: {
    class: 'A',
    remedy: 'have this machine’s clock set by a time server, chrony for instance',
    judge: ofKnown(
      ({ clock }) => clock,
      (bounds) => {
        const off = clockOffBy(bounds);
        if (off === 0) return holds('agrees with the broker’s');
        const found = `at least ${inSeconds(off)} ${bounds.aheadMin > 0 ? 'ahead of' : 'behind'} the broker’s`;
        return off > clockOffMaxMs ? fails(found) : holds(found);
      },
    ),
  },
  address: {
    class: 'A',
    remedy: 'register this address at the broker’s developer console, or leave from staticAddress',
    judge: judgeAddress,
  },
  lists: {
    class: 'A',
    remedy: 'wait some minutes: the broker makes its lists every morning',
    judge: ofKnown(
      ({ lists }) => lists,
      ({ stocks, withFutures, missing }, { stocksMin }) => {
        const found = `${stocks} stocks, ${withFutures} with futures`;
        if (missing.length > 0)
          return fails(`${missing.join(', ')} not listed`, 'correct universe in the configuration');
        return stocks >= stocksMin && withFutures > 0
          ? holds(found)
          : fails(`${found}: fewer than ${stocksMin} stocks, or no futures, is no whole list`);
      },
    ),
  },
  calendar: {
    class: 'A',
    remedy: 'add the exchange’s list of holidays to calendar in the configuration',
    judge: (_, { date, calendar, mode }) => {
      const ends = listEnd(date, calendar);
      if (ends < date) return fails(`no list of holidays covers ${date}`);
      const found = `the list of holidays ends on ${ends}`;
      return mode === 'live' && listEndingSoon(date, calendar) !== null
        ? warns(`${found}, within 30 days`)
        : holds(found);
    },
  },
  strategies: {
    class: 'A',
    remedy:
      'name in strategies.use who is to trade your money; what the shipped agents were worth is in docs/deciding.md',
    judge: (_, { mode, strategies }) => {
      if (strategies !== null) return holds(strategies.join(', '));
      return mode === 'live'
        ? fails('strategies.use is not written, and no strategy trades live that nobody has chosen')
        : holds('the five agents, since strategies.use is not written');
    },
  },
  surveillance: {
    class: 'A',
    remedy: 'fetch the exchange’s list anew: screening refuses one older than 7 days',
    judge: ofKnown(
      ({ surveillance }) => surveillance,
      (asOf) => holds(asOf === null ? 'not needed: no surveillanceFile' : `of ${asOf}`),
    ),
  },
  industries: {
    class: 'B',
    remedy: 'take a newer version of Ratchet, or name stocks in sectors',
    judge: (_, { industriesAsOf, date, mode }) =>
      mode === 'live' && industriesAsOf < addDays(date, -industriesAgeMaxDays)
        ? fails(`of ${industriesAsOf}, more than ${industriesAgeMaxDays} days ago`)
        : holds(`of ${industriesAsOf}`),
  },
  receivers: {
    class: 'B',
    remedy: 'repair the receiver: until then nobody is told there',
    judge: ofKnown(
      ({ receivers }) => receivers,
      (receivers) => {
        const failing = receivers.filter(({ failure }) => failure !== null);
        if (receivers.length === 0) return holds('not needed: none is configured');
        return failing.length === 0
          ? holds(receivers.map(({ channel }) => channel).join(', '))
          : fails(failing.map(({ channel, failure }) => `${channel}: ${failure ?? ''}`).join('; '));
      },
    ),
  },
  stores: { class: 'A', remedy: 'put RATCHET_HOME on a disk of its own user', judge: judgeStores },
  disk: {
    class: 'B',
    remedy: 'make room: logs, the database and Temporal’s file grow every day',
    judge: ofKnown(
      ({ folder }) => folder,
      ({ path, freeBytes }) => {
        const found = `${(freeBytes / gigabyte).toFixed(1)} GB free at ${path}`;
        return freeBytes >= freeBytesMin ? holds(found) : fails(`${found}, less than 1 GB`);
      },
    ),
  },
  installation: {
    class: 'A',
    remedy:
      'stop the other installation: two on one account take each other’s orders for their own',
    judge: ofKnown(
      ({ otherInstallation }) => otherInstallation,
      (other) => {
        if (other === null) return holds('no sign of a second one');
        return other.isActive
          ? fails(other.words)
          : warns(
              `${other.words}, and none of its orders is live any more`,
              'see that it stays stopped',
            );
      },
    ),
  },
  probe: {
    class: 'A',
    remedy: 'do what the sentence says',
    judge: ({ probe }) => (probe === undefined ? null : judgeProbe(probe)),
  },
} as const satisfies Record<string, Check>;

export type CheckId = keyof typeof checks;

/** The folder and the database together. On paper both end with the run, so nothing is asked of them but to work. */
function judgeStores({ folder, database }: ReadinessFacts, { mode }: ReadinessNeeds): Verdict {
  if (!folder.known) return fails(`the account’s folder cannot be written: ${folder.why}`);
  const { path, isInMemory } = folder.value;
  if (mode === 'live' && isInMemory) return fails(`${path} lies in memory and is lost at a reboot`);
  if (database === null) return holds(`${path}; the database comes with \`ratchet up\``);
  const inDatabase = 'put the database right, which DATABASE_URL may name';
  if (!database.known) return fails(`the database cannot be written: ${database.why}`, inDatabase);
  return mode === 'live' && !database.value.isDurable
    ? fails(
        'the database loses its last writes in a power cut (fsync or synchronous_commit is off)',
        inDatabase,
      )
    : holds(`${path} and the database`);
}
