// `ratchet day …`: starts, shows and halts a trading day, and closes its positions.
import { Command } from 'commander';
import { readCalendar } from '../../infra/config/sections/calendar';
import { loadConfig } from '../../infra/config/config';
import { dayHeadline } from '../../domain/live/mode';
import { Refused } from '../../domain/errors';
import { parseSessionDate, requireTradingDay } from '../../domain/session/calendar';
import { istTime } from '../../domain/session/sessionClock';
import {
  closeAllUpdate,
  dayQuery,
  haltUpdate,
  type DayView,
  type NewsView,
} from '../../workflows/messages';
import { columns, print, rupees } from '../text/output';
import { resumeCommand } from './resume';
import { withDayOptions } from '../dayOptions';
import { operator } from '../operator';
import { startDay } from '../startDay';
import {
  ask,
  chosenDay,
  dayHandle,
  modeHere,
  sessionLoss,
  withTemporal,
  type DayChoice,
} from '../talk';

interface DayFlags extends DayChoice {
  readonly json?: true;
  readonly reason?: string;
  readonly config?: string;
  readonly size?: string;
}

function shareOf(text: string): number {
  const size = Number(text);
  if (/^[0-9.]+$/.test(text) && size > 0 && size <= 1) return size;
  throw new Refused({
    code: 'DAY_SIZE',
    message: `--size must be above 0 and at most 1, such as 0.1, was "${text}"`,
  });
}

function lines(view: DayView): string[] {
  return [
    `${dayHeadline(view.mode ?? modeHere(view.account), view.account, view.date)} · ${view.phase}${view.entriesHalted ? ' · entries halted' : ''} · market ${view.marketAt === 0 ? '–' : istTime(view.marketAt)}`,
    ...troubleLines(view),
    `${view.stocks} stocks, ${view.barsAnalysed} bars analysed`,
    ...columns(
      view.positions.map(({ tradingsymbol, closed, netPnl, workflowId }) => [
        tradingsymbol,
        closed ? 'closed' : 'open',
        rupees(netPnl),
        workflowId,
      ]),
    ),
    ...(view.warnings ?? []).map((warning) => `warning: ${warning}`),
    ...newsLines(view.news ?? null),
    ...Object.entries(view.refusals).map(([code, count]) => `refused ${code}: ${count}`),
  ];
}

/** What keeps the day from beginning, or from entering anything. */
const troubleLines = ({ waitingForLogin: wait = null, notReady = [] }: DayView): string[] => [
  ...(wait === null
    ? []
    : [
        `waiting for a login since ${istTime(wait.since)}: ${wait.why}`,
        `log in with \`ratchet login\`${wait.login === null ? '' : `: ${wait.login}`}`,
      ]),
  ...notReady.map(
    ({ id, found, remedy }) => `not ready, so nothing is entered: ${id}: ${found}; ${remedy}`,
  ),
];

/** How old the sentiment is, and which sources are missing from it. */
function newsLines(news: NewsView | null): string[] {
  if (news === null) return ['news: not read yet, sentiment is neutral'];
  return [
    `news as of ${istTime(news.asOf)}: ${news.headlines} headlines in the window`,
    ...news.failures.map(
      ({ source, why, timesInARow }) => `  ${source} failed ${timesInARow} × in a row: ${why}`,
    ),
  ];
}

export const dayCommand = new Command('day').description(
  'start, look at and control a trading day',
);

withDayOptions(
  dayCommand
    .command('start')
    .description('start the trading day of an account and date')
    .option('--config <file>', 'configuration file (JSON)')
    .option(
      '--size <share>',
      'share of the capital the day works with, above 0 and at most 1',
      '1',
    ),
).action(async (flags: DayFlags) => {
  const size = shareOf(flags.size ?? '1');
  const config = loadConfig(flags.config);
  const date = parseSessionDate(chosenDay({ account: config.account, ...flags }).date);
  requireTradingDay(date, readCalendar(config.calendar));
  const { workflowId } = await withTemporal((client) =>
    startDay(client, config, date, { speed: 1, size }),
  );
  print(flags.json === true, { workflowId }, () => [
    `started ${workflowId}${size < 1 ? ` with ${size * 100} % of the capital` : ''}`,
  ]);
});

withDayOptions(dayCommand.command('status').description('what the day is doing')).action(
  async (flags: DayFlags) => {
    const day = chosenDay(flags);
    const view = await withTemporal((client) => ask(() => dayHandle(client, day).query(dayQuery)));
    const lost = await sessionLoss(day.account);
    print(flags.json === true, { ...view, sessionLost: lost }, () => [
      ...lines(view),
      ...(lost === null
        ? []
        : [
            `the broker’s session has been lost since ${istTime(lost.since)}, and positions are not known since then: run \`ratchet login\``,
          ]),
    ]);
  },
);

withDayOptions(
  dayCommand
    .command('halt')
    .description('allow no new entries; positions stay protected')
    .requiredOption('--reason <words>', 'why, 1 to 200 characters'),
).action(async (flags: DayFlags) => {
  const view = await withTemporal((client) =>
    dayHandle(client, chosenDay(flags)).executeUpdate(haltUpdate, {
      args: [{ reason: flags.reason ?? '', by: operator() }],
    }),
  );
  print(flags.json === true, view, () => lines(view));
});

dayCommand.addCommand(resumeCommand('allow entries again: the same as `ratchet resume`'));

withDayOptions(
  dayCommand.command('close-all').description('halt entries and leave every position'),
).action(async (flags: DayFlags) => {
  const view = await withTemporal((client) =>
    dayHandle(client, chosenDay(flags)).executeUpdate(closeAllUpdate),
  );
  print(flags.json === true, view, () => lines(view));
});
