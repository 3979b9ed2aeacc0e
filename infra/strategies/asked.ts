// The user's strategies, asked: about one bar of all watched stocks, or about every bar of a recorded day.
import { replayDay, type DayRecord, type ParityReport } from '../../domain/parity';
import {
  marketViews,
  noVoters,
  type OwnVotes,
  type SeenStock,
  type Voters,
} from '../../domain/strategy';

/** What they say of each stock on one bar. No view has an index: live has none either (docs/strategies.md). */
export async function ownVotesOn(voters: Voters, stocks: readonly SeenStock[]): Promise<OwnVotes> {
  if (voters.strategies.length === 0) return new Map();
  const views = marketViews(stocks, null);
  const votes = await voters.votes(views);
  return new Map(views.map(({ tradingsymbol }, at) => [tradingsymbol, votes[at] ?? []]));
}

/**
 * A recorded day replayed with these strategies; left out, there were none.
 * @throws Refused PARITY_NOT_RECORDED for a day whose configuration was not recorded.
 */
export async function replayedDay(
  record: DayRecord,
  voters: Voters = noVoters,
): Promise<ParityReport> {
  const replay = replayDay(record, voters.strategies);
  let step = replay.next(new Map());
  while (step.done !== true) step = replay.next(await ownVotesOn(voters, step.value));
  return step.value;
}
