// Goal: a feed that is not heard is told once, while it matters, and told again when prices come.
import {
  feedHeard,
  feedLooked,
  feedLost,
  feedLostAfterMs,
  heardFeed,
} from '../../../domain/market/feedWatch';
import { epochMs } from '../../../domain/units';

const at = epochMs;

test('a connection that is back within seconds is nothing', () => {
  const lost = feedLost(heardFeed, at(1_000));
  expect(feedLooked(lost, at(1_000 + feedLostAfterMs - 1), true).news).toBeNull();
  expect(feedHeard(lost)).toEqual({ watch: heardFeed, news: null });
});

test('one that stays away is told once, since when it was lost first, and so is its end', () => {
  const lost = feedLost(feedLost(heardFeed, at(1_000)), at(4_000));
  const told = feedLooked(lost, at(1_000 + feedLostAfterMs), true);
  expect(told.news).toEqual({ kind: 'lost', since: 1_000 });
  expect(feedLooked(told.watch, at(60_000), true).news).toBeNull();
  expect(feedHeard(told.watch)).toEqual({ watch: heardFeed, news: { kind: 'back', since: 1_000 } });
});

test('outside the session nobody is told, and in it as soon as it trades', () => {
  const lost = feedLost(heardFeed, at(1_000));
  const night = feedLooked(lost, at(100_000), false);
  expect(night.news).toBeNull();
  expect(feedLooked(night.watch, at(200_000), true).news).toEqual({ kind: 'lost', since: 1_000 });
});
