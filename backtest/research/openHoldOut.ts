// Opening the hold-out: the best trial is played on the days the search never saw, once, and that is written down.
import { meanInterval, usualRun } from '../../domain/research/stationaryBootstrap';
import { sumOf } from '../../domain/research/moments';
import { daysText, roundedRupees as rupees } from '../../domain/research/words';
import { Refused } from '../../domain/errors';
import { chanceFor } from '../../exchange/market/chance';
import { configAt } from './configAt';
import type { Players } from './crew';
import { bestOf, studyDays } from './studyDocument';
import type { Opening, Study } from './study';

const draws = 2_000;

/** What is said of earlier openings. */
function before(openings: readonly Opening[]): string {
  const [first] = openings;
  if (first === undefined) return 'opened for the first time';
  const dates = openings.map(({ at }) => at).join(', ');
  return `opened before, ${openings.length === 1 ? 'once' : `${openings.length} times`} (${dates}), so this is no test any more`;
}

/** @param at ISO 8601. @throws Refused RESEARCH_DAYS where nothing is held out. */
export async function openHoldOut(study: Study, players: Players, at: string): Promise<Opening> {
  const { header } = study;
  const { held } = studyDays(header);
  if (held.length === 0)
    throw new Refused({
      code: 'RESEARCH_DAYS',
      message: 'this study holds no days out: it was begun with --holdout 0',
    });
  const { trial, point } = bestOf(study);
  const played = await players.play(held, configAt(header.written, point));
  const days = played.map(({ result: { date, netPnl } }) => ({ date, netPnl }));
  const results = days.map(({ netPnl }) => netPnl);
  const { unit } = chanceFor(header.terms.seed, 'holdOut');
  const interval = meanInterval(results, { draws, meanRun: usualRun(days.length), unit });
  const sure =
    interval === null
      ? 'too few days for an interval'
      : `95 % between ${rupees(interval.low)} and ${rupees(interval.high)}`;
  const sentence = `The hold-out of ${daysText(days.length)}, ${before(study.openings())}: trial ${trial} made ${rupees(sumOf(results) / days.length)} a day after charges, ${sure}.`;
  const opening = { at, trial, point, days, sentence };
  study.addOpening(opening);
  return opening;
}
