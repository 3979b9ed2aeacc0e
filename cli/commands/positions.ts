// `ratchet positions`, from our records; `ratchet position …`, through the position's workflow: tightens its
// stop, changes its policy, or closes it.
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { recordedLoss } from '../../activities/broker';
import { recordedMode } from '../../activities/ledger/accountMode';
import { recordedPositions } from '../../activities/ledger/recordedPositions';
import { Refused, wordsOf } from '../../domain/errors';
import { dayHeadline } from '../../domain/live/mode';
import { recordedView } from '../../domain/portfolio/recordedView';
import { shownDuring, type ShownView } from '../../domain/portfolio/unknownSince';
import type { PositionView } from '../../domain/position';
import { istTime } from '../../domain/session/sessionClock';
import { parsePolicy, type TrailingPolicy } from '../../domain/trailing';
import { paiseFromRupees, type Paise } from '../../domain/units';
import {
  closeUpdate,
  policyUpdate,
  positionWorkflowId,
  tightenUpdate,
} from '../../workflows/messages';
import { columns, print, rupees } from '../text/output';
import { chosenDay, sessionLoss, withRecords, withTemporal, type DayChoice } from '../talk';
import { withDayOptions } from '../dayOptions';

interface PositionFlags extends DayChoice {
  readonly json?: true;
  readonly stop?: Paise;
}

function price(text: string): Paise {
  if (/^\d{1,7}(\.\d{1,2})?$/.test(text)) return paiseFromRupees(Number(text));
  throw new InvalidArgumentError(`must be a price in rupees like 1420.50, was "${text}".`);
}

/** @throws Refused TRAILING_POLICY in one sentence. */
export function readPolicy(file: string): TrailingPolicy {
  try {
    return parsePolicy(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const why = wordsOf(error);
    throw new Refused({ code: 'TRAILING_POLICY', message: `${file}: ${why}` });
  }
}

const lines = (views: readonly ShownView[]): string[] =>
  columns([
    [
      'intent',
      'stock',
      'side',
      'phase',
      'quantity',
      'entry',
      'stop',
      'at broker',
      'target',
      'last',
      'profit',
    ],
    ...views.map((view) => [
      view.intentId,
      view.tradingsymbol,
      view.direction,
      view.unknownSince === null ? view.phase : `unknown since ${istTime(view.unknownSince)}`,
      String(view.quantity),
      rupees(view.entryPrice),
      rupees(view.desiredStop),
      view.unknownSince === null ? rupees(view.confirmedStop) : 'unknown',
      rupees(view.target),
      rupees(view.ltp),
      rupees(view.pnl),
    ]),
  ]);

export const positionsCommand = withDayOptions(
  new Command('positions').description('every position of the day'),
).action(async (flags: PositionFlags) => {
  const { account, date } = chosenDay(flags);
  const { views, mode } = await withRecords(async (pool) => {
    const loss = await recordedLoss(pool, account);
    const positions = await recordedPositions(pool, account, date);
    return {
      views: positions.map((position) => shownDuring(recordedView(position), loss)),
      mode: await recordedMode(pool, account),
    };
  });
  print(flags.json === true, views, () => [dayHeadline(mode, account, date), ...lines(views)]);
});

/** A position as its workflow has answered, unless its session is lost. */
const answered = async (account: string, view: PositionView): Promise<ShownView> =>
  shownDuring(view, await sessionLoss(account));

export const positionCommand = new Command('position').description('act on one position');

withDayOptions(
  positionCommand
    .command('tighten <intent>')
    .description('move a stop nearer to the price; never away')
    .requiredOption('--stop <rupees>', 'the new stop', price),
).action(async (intent: string, flags: PositionFlags & { stop: Paise }) => {
  const { account } = chosenDay(flags);
  const view = await withTemporal((client) =>
    client.workflow
      .getHandle(positionWorkflowId(account, intent))
      .executeUpdate(tightenUpdate, { args: [{ stop: flags.stop }] }),
  );
  const shown = await answered(account, view);
  print(flags.json === true, shown, () => lines([shown]));
});

withDayOptions(
  positionCommand
    .command('policy <intent>')
    .description('trail by another policy from now on; shows old and new stop')
    .requiredOption('--file <json>', 'the trailing policy')
    .option('--force', 'also when that moves the stop away from the price'),
).action(async (intent: string, flags: PositionFlags & { readonly file: string; force?: true }) => {
  const { account } = chosenDay(flags);
  const policy = readPolicy(flags.file);
  const effect = await withTemporal((client) =>
    client.workflow
      .getHandle(positionWorkflowId(account, intent))
      .executeUpdate(policyUpdate, { args: [{ policy, force: flags.force === true }] }),
  );
  print(flags.json === true, effect, () => [
    `stop ${rupees(effect.oldStop)} → ${rupees(effect.newStop)}, target ${rupees(effect.oldTarget)} → ${rupees(effect.newTarget)}`,
  ]);
});

withDayOptions(
  positionCommand.command('close <intent>').description('leave a position now'),
).action(async (intent: string, flags: PositionFlags) => {
  const { account } = chosenDay(flags);
  const view = await withTemporal((client) =>
    client.workflow.getHandle(positionWorkflowId(account, intent)).executeUpdate(closeUpdate),
  );
  const shown = await answered(account, view);
  print(flags.json === true, shown, () => lines([shown]));
});
