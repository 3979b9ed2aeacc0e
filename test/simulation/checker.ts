// The judge. It imports nothing of the system. It reads what the exchange recorded, the approvals and the
// closing statements, and derives everything else from the trades. There is one function per invariant of
// docs/reliability.md, Invariants. Each returns sentences, none when the invariant holds.
import { chargesOf } from './rates';
import type { Approval, RecordLine, SessionRecord, Statement } from './journal';
import { followIntent, type IntentStory } from './intentStory';

export interface Violation {
  readonly invariant: string;
  readonly at: number;
  readonly tag: string;
  readonly what: string;
}

export interface Verdict {
  readonly violations: readonly Violation[];
  /** Longest time a position was without its stop, ms: with nothing wrong, while faulted, while hidden. */
  readonly longestUncoveredMs: number;
  readonly longestUncoveredFaultedMs: number;
  readonly longestUncoveredBlindMs: number;
  /** Two exits filled where one was meant, and how long until that was put right. */
  readonly overExits: number;
  readonly longestOverExitMs: number;
}

const text = (line: RecordLine, field: string): string => String(line[field] ?? '');
const number = (line: RecordLine, field: string): number => Number(line[field] ?? 0);

export function check(record: SessionRecord): Verdict {
  const stories = record.approvals.map((approval) => followIntent(record, approval));
  const spans = stories.flatMap((story) => story.uncovered);
  const longest = (kind: string): number =>
    Math.max(
      0,
      ...spans
        .filter((span) => span.kind === kind)
        .map(({ sinceFaultMs, excusedMs }) => sinceFaultMs - excusedMs),
    );
  return {
    violations: [
      ...oneEntryPerIntent(record),
      ...nothingUnapproved(record),
      ...stories.flatMap((story) => protectedInTime(record, story)),
      ...stories.flatMap((story) => stopNeverLoosens(record, story)),
      ...withinLimits(record),
      ...stories.flatMap((story) => flatAtTheEnd(record, story)),
      ...moneyAddsUp(record, stories),
      ...stories.flatMap(exitsWithinEntries),
      ...killSwitchHolds(record),
      ...stories.flatMap((story) => booksAgree(record, story)),
    ],
    longestUncoveredMs: longest('plain'),
    longestUncoveredFaultedMs: longest('faulted'),
    longestUncoveredBlindMs: longest('blind'),
    overExits: stories.reduce((sum, story) => sum + story.overExits.length, 0),
    longestOverExitMs: Math.max(
      0,
      ...stories.flatMap((story) =>
        story.overExits.filter(({ isBlind }) => !isBlind).map(({ sinceFaultMs }) => sinceFaultMs),
      ),
    ),
  };
}

const entrySideOf = ({ direction }: Approval): string => (direction === 'LONG' ? 'BUY' : 'SELL');

/** I1: at most one entry order per tag, ever. */
function oneEntryPerIntent({ lines, approvals }: SessionRecord): Violation[] {
  return approvals.flatMap((approval) => {
    const entries = lines.filter(
      (line) =>
        line.kind === 'place' &&
        line['tag'] === approval.tag &&
        line['side'] === entrySideOf(approval),
    );
    const second = entries[1];
    return second === undefined
      ? []
      : [violation('I1', second, approval.tag, `${entries.length} entries for one intent`)];
  });
}

/** I2: what the exchange accepted from us was approved as it is; exits only close. */
function nothingUnapproved({ lines, approvals }: SessionRecord): Violation[] {
  const placed = lines.filter((line) => line.kind === 'place' && line['placer'] === 'client');
  return placed.flatMap((line) => {
    const tag = text(line, 'tag');
    const approval = approvals.find((one) => tag === one.tag || tag === `${one.tag}c`);
    if (approval === undefined) return [violation('I2', line, tag, 'an order nobody approved')];
    const isEntry = tag === approval.tag && line['side'] === entrySideOf(approval);
    const same =
      line['tradingsymbol'] === approval.tradingsymbol &&
      number(line, 'quantity') === approval.quantity &&
      number(line, 'price') === approval.price;
    return isEntry && !same
      ? [violation('I2', line, tag, 'the entry differs from its approval')]
      : [];
  });
}

/** I4: longest time without exactly one stop's worth of live exit, counted from the last fault. */
const uncoveredMax = { plain: 5_000, faulted: 10_000, blind: 100_000, excess: 25_000 } as const;

function protectedInTime(_: SessionRecord, { tag, uncovered }: IntentStory): Violation[] {
  return uncovered
    .filter(({ kind, sinceFaultMs, excusedMs }) => sinceFaultMs - excusedMs > uncoveredMax[kind])
    .map(({ kind, from, ms, held, live }) => ({
      invariant: 'I4',
      at: from,
      tag,
      what: `${held} held with ${live} covered for ${ms} ms (${kind})`,
    }));
}

/** I5: no stop that came to rest is looser than one before it; all are on the grid and in the band. */
function stopNeverLoosens({ handOverAt }: SessionRecord, story: IntentStory): Violation[] {
  const { approval, stops } = story;
  const d = approval.direction === 'LONG' ? 1 : -1;
  const found: Violation[] = [];
  let best = -Infinity;
  for (const stop of stops) {
    if (stop.trigger % approval.tickSize !== 0)
      found.push({ invariant: 'I5', ...at(stop), what: `stop ${stop.trigger} off the tick` });
    // What could not be left is covered for the night where the broker takes it, however the price stands.
    if (stop.at >= handOverAt) continue;
    if (stop.trigger < approval.bandLower || stop.trigger > approval.bandUpper)
      found.push({ invariant: 'I5', ...at(stop), what: `stop ${stop.trigger} outside the band` });
    if (!stop.late && d * stop.trigger < best)
      found.push({ invariant: 'I5', ...at(stop), what: `stop loosened to ${stop.trigger}` });
    best = Math.max(best, d * stop.trigger);
  }
  return found;

  function at(stop: { readonly at: number }): { readonly at: number; readonly tag: string } {
    return { at: stop.at, tag: approval.tag };
  }
}

const brokerLimits = { minute: 400, day: 5_000, modifications: 25 };

/**
 * I6: the broker's own limits, by its calendar. Requests that a fault delayed are not counted against us. One
 * too many in a second is turned away by the broker, which the limiter accepts; more are a violation.
 */
function withinLimits({ lines, brokerPerSecond }: SessionRecord): Violation[] {
  const requests = lines.filter((line) => line.kind === 'request' && line['late'] !== true);
  const modifications = lines.filter((line) => line.kind === 'modify');
  return [
    ...crowded(
      requests,
      (line) => String(Math.floor(line.at / 1_000)),
      brokerPerSecond + 1,
      'second',
    ),
    ...crowded(
      requests,
      (line) => String(Math.floor(line.at / 60_000)),
      brokerLimits.minute,
      'minute',
    ),
    ...crowded(requests, () => '', brokerLimits.day, 'day'),
    ...crowded(modifications, (line) => text(line, 'orderId'), brokerLimits.modifications, 'order'),
  ];
}

function crowded(
  lines: readonly RecordLine[],
  keyOf: (line: RecordLine) => string,
  most: number,
  what: string,
): Violation[] {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const count = (counts.get(keyOf(line)) ?? 0) + 1;
    counts.set(keyOf(line), count);
    if (count > most)
      return [
        violation('I6', line, text(line, 'tag'), `more than ${most} requests in one ${what}`),
      ];
  }
  return [];
}

/** I7: flat and no live order a minute after the square-off; where faults went on, at the end. */
function flatAtTheEnd(record: SessionRecord, story: IntentStory): Violation[] {
  if (story.approval.product === 'CNC') return coveredOvernight(record, story);
  const excused =
    record.calmAt > record.flatBy - 120_000 || story.wasLockedAfter(record.flatBy - 60_000);
  const deadline = excused ? record.endAt : record.flatBy;
  const late = story.exposures.findLast(({ at }) => at <= deadline);
  const found: Violation[] = [];
  if (late !== undefined && late.held !== 0)
    found.push({ invariant: 'I7', at: deadline, tag: story.tag, what: `${late.held} still held` });
  const live = story.liveAt(deadline);
  if (live > 0)
    found.push({
      invariant: 'I7',
      at: deadline,
      tag: story.tag,
      what: `${live} orders still live`,
    });
  return found;
}

/** A position that may be carried is covered by triggers at the end, and has nothing else live. */
function coveredOvernight({ endAt }: SessionRecord, story: IntentStory): Violation[] {
  const { held, cover, liveOrders, triggers } = story.momentAt(endAt);
  // A trigger met in the last seconds is for the next session to see.
  if (story.wasMetAfter(endAt - 10_000)) return [];
  const isCovered = cover === Math.max(0, held) && triggers === liveOrders;
  return isCovered
    ? []
    : [
        {
          invariant: 'I7',
          at: endAt,
          tag: story.tag,
          what: `${held} carried with ${cover} covered, ${liveOrders - triggers} orders still live`,
        },
      ];
}

/** I8: cash and profit to the paisa, charges from the published rates. */
function moneyAddsUp(record: SessionRecord, stories: readonly IntentStory[]): Violation[] {
  const { lines, closingCash, endAt } = record;
  const fills = lines.filter((line) => line.kind === 'fill');
  const turnovers = new Map<string, { side: string; turnover: number; product: string }>();
  let cash = number(
    lines.find((line) => line.kind === 'session') ?? { at: 0, kind: '' },
    'openingCash',
  );
  for (const fill of fills) {
    const value = number(fill, 'quantity') * number(fill, 'price');
    const side = text(fill, 'side');
    cash += side === 'SELL' ? value : -value;
    const turnover = (turnovers.get(text(fill, 'orderId'))?.turnover ?? 0) + value;
    turnovers.set(text(fill, 'orderId'), { side, turnover, product: productOf(record, fill) });
  }
  for (const { side, turnover, product } of turnovers.values())
    cash -= chargesOf(side, turnover, product);
  for (const fee of lines.filter((line) => line.kind === 'fee')) cash -= number(fee, 'amount');
  const found: Violation[] =
    cash === closingCash
      ? []
      : [{ invariant: 'I8', at: endAt, tag: '', what: `cash ${closingCash}, worked out ${cash}` }];
  for (const { tag, grossPnl } of stories) {
    const said = record.statements.findLast((one) => one.tag === tag);
    if (said?.closed === true && grossPnl !== null && Math.abs(said.grossPnl - grossPnl) > 1)
      found.push({
        invariant: 'I8',
        at: endAt,
        tag,
        what: `profit stated ${said.grossPnl}, worked out ${grossPnl}`,
      });
  }
  return found;
}

const productOf = ({ lines }: SessionRecord, fill: RecordLine): string =>
  text(
    lines.find((line) => line.kind === 'place' && line['orderId'] === fill['orderId']) ?? fill,
    'product',
  );

/** An over-exit may only follow an order of unknown fate or a foreign trade, and is put right at once. */
const overExitMax = { seen: 20_000, blind: 100_000 };

/** I9: exits never exceed entries. */
function exitsWithinEntries({ tag, overExits }: IntentStory): Violation[] {
  return overExits
    .filter(
      ({ excused, isBlind, sinceFaultMs, excusedMs }) =>
        !excused || sinceFaultMs - excusedMs > overExitMax[isBlind ? 'blind' : 'seen'],
    )
    .map(({ from, ms, surplus, excused }) => ({
      invariant: 'I9',
      at: from,
      tag,
      what: `${surplus} exited too much for ${ms} ms${excused ? '' : ', with no order of unknown fate'}`,
    }));
}

/** I14: from 2 s after the halt no entry reaches the exchange; 12 s after it none is live. */
function killSwitchHolds({ lines, approvals }: SessionRecord): Violation[] {
  const halt = lines.find((line) => line.kind === 'halt');
  if (halt === undefined) return [];
  return lines
    .filter((line) => line.kind === 'place' && line.at > halt.at + 2_000)
    .filter((line) =>
      approvals.some((one) => line['tag'] === one.tag && line['side'] === entrySideOf(one)),
    )
    .filter((line) => !lines.some((one) => one.kind === 'lateRequest' && one.at === line.at))
    .map((line) => violation('I14', line, text(line, 'tag'), 'an entry after the kill switch'));
}

/** How soon a wanted stop rests at the broker in the calm. */
const confirmedWithinMs = 5_000;

/** I3 and I16: in the calm and at the end, what the system says is what the exchange did. */
function booksAgree(record: SessionRecord, story: IntentStory): Violation[] {
  return record.statements
    .filter(({ tag }) => tag === story.tag)
    .flatMap((said) => {
      const isEnd = said.at >= record.endAt;
      const metSince = ({ carried }: Statement): boolean =>
        carried && story.wasMetAfter(record.handOverAt);
      const held = story.heldAt(said.at);
      const differences = [
        said.held !== held && !story.changedSince(said.at - 2_000) && !metSince(said)
          ? `says ${said.held} held, the exchange ${held}`
          : null,
        said.entryInDoubt && !said.closed && story.entryTaken
          ? 'the entry is still in doubt though the exchange has it'
          : null,
        isEnd && !said.closed && !said.carried ? 'not closed at the end' : null,
        stopBehind(story, said),
      ];
      const invariant = isEnd ? 'I3' : 'I16';
      return differences
        .filter((what) => what !== null)
        .map((what) => ({ invariant, at: said.at, tag: story.tag, what }));
    });
}

/** Does the stop at the broker lag behind the wanted one while the position is simply held? */
function stopBehind(story: IntentStory, { at, desiredStop, leaving }: Statement): string | null {
  const then = at + confirmedWithinMs;
  const confirmed = story.stopAt(then);
  if (leaving || confirmed === null || desiredStop === null) return null;
  if (story.heldAt(at) <= 0 || story.heldAt(then) <= 0) return null;
  const d = story.approval.direction === 'LONG' ? 1 : -1;
  const isBehind = d * (desiredStop - confirmed) > 0;
  return isBehind ? `wants its stop at ${desiredStop}, it rests at ${confirmed}` : null;
}

const violation = (invariant: string, line: RecordLine, tag: string, what: string): Violation => ({
  invariant,
  at: line.at,
  tag,
  what,
});
