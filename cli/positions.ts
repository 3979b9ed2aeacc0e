// `ratchet positions` and `ratchet position …`: look at positions, tighten a stop, close one.
import { Command, InvalidArgumentError } from 'commander';
import type { PositionView } from '../domain/position';
import { paiseFromRupees, type Paise } from '../domain/units';
import {
  closeUpdate,
  dayQuery,
  positionQuery,
  positionWorkflowId,
  tightenUpdate,
} from '../workflows/messages';
import { columns, print, rupees } from './output';
import { chosenDay, dayHandle, withTemporal, type DayChoice } from './talk';

interface PositionFlags extends DayChoice {
  readonly json?: true;
  readonly stop?: Paise;
}

function price(text: string): Paise {
  if (/^\d{1,7}(\.\d{1,2})?$/.test(text)) return paiseFromRupees(Number(text));
  throw new InvalidArgumentError(`must be a price in rupees like 1420.50, was "${text}".`);
}

const lines = (views: readonly PositionView[]): string[] =>
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
      view.phase,
      String(view.quantity),
      rupees(view.entryPrice),
      rupees(view.desiredStop),
      rupees(view.confirmedStop),
      rupees(view.target),
      rupees(view.ltp),
      rupees(view.pnl),
    ]),
  ]);

const withOptions = (command: Command): Command =>
  command
    .option('--account <name>', 'account; default the running one')
    .option('--date <date>', 'session date; default the running one')
    .option('--json', 'print one JSON document');

export const positionsCommand = withOptions(
  new Command('positions').description('every position of the day'),
).action(async (flags: PositionFlags) => {
  const views = await withTemporal(async (client) => {
    const day = await dayHandle(client, chosenDay(flags)).query(dayQuery);
    return Promise.all(
      day.positions.map(({ workflowId }) =>
        client.workflow.getHandle(workflowId).query(positionQuery),
      ),
    );
  });
  print(flags.json === true, views, () => lines(views));
});

export const positionCommand = new Command('position').description('act on one position');

withOptions(
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
  print(flags.json === true, view, () => lines([view]));
});

withOptions(positionCommand.command('close <intent>').description('leave a position now')).action(
  async (intent: string, flags: PositionFlags) => {
    const { account } = chosenDay(flags);
    const view = await withTemporal((client) =>
      client.workflow.getHandle(positionWorkflowId(account, intent)).executeUpdate(closeUpdate),
    );
    print(flags.json === true, view, () => lines([view]));
  },
);
