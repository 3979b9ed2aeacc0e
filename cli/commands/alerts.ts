// `ratchet alerts list` and `resend`: what people were told, over which channel, and the rest told again. An
// alert sent again keeps its id, by which a receiver knows that it has it already.
import { Command } from 'commander';
import type { Pool } from 'pg';
import {
  alertOf,
  alertsSince,
  failedChannels,
  type RecordedAlert,
} from '../../activities/alerts/recordedAlerts';
import { recordedMode } from '../../activities/ledger/accountMode';
import { Refused } from '../../domain/errors';
import { headline } from '../../domain/live/mode';
import { istInstant, istText } from '../../domain/session/sessionClock';
import { epochMs } from '../../domain/units';
import { startDelivery } from '../../workers/raiseAlert';
import { columns, print } from '../text/output';
import { chosenDay, withRecords, withTemporal } from '../talk';

interface AlertFlags {
  readonly account?: string;
  readonly since?: number;
  readonly failed?: true;
  readonly json?: true;
}

const dayMs = 86_400_000;

/** @throws Refused SINCE_INVALID. */
function instant(text: string): number {
  const [, date, time = '00:00'] = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}))?$/.exec(text) ?? [];
  const at = date === undefined ? NaN : istInstant(date, time);
  if (!Number.isNaN(at)) return at;
  throw new Refused({
    code: 'SINCE_INVALID',
    message: `--since must be a date or an instant in India like 2026-11-27 or 2026-11-27T10:30, was "${text}"`,
  });
}

const accountOf = ({ account }: AlertFlags): string =>
  account ?? chosenDay({ date: 'any' }).account;

async function chosenAlerts(pool: Pool, flags: AlertFlags): Promise<readonly RecordedAlert[]> {
  const alerts = await alertsSince(pool, accountOf(flags), flags.since ?? Date.now() - dayMs);
  return flags.failed === true
    ? alerts.filter((alert) => failedChannels(alert).length > 0)
    : alerts;
}

function lines(alerts: readonly RecordedAlert[]): string[] {
  if (alerts.length === 0) return ['no alerts'];
  return columns([
    ['raised', 'type', 'channel', 'state', 'failures', 'last failure', 'id'],
    ...alerts.flatMap((alert) => {
      const raised = istText(epochMs(Date.parse(alert.timestamp)));
      const { deliveries, type, id } = alert;
      if (deliveries.length === 0) return [[raised, type, '–', '–', '–', '', id]];
      return deliveries.map(({ channel, state, failures, said }) => [
        ...[raised, type, channel, state, String(failures), said ?? '', id],
      ]);
    }),
  ]);
}

const withOptions = (command: Command): Command =>
  command
    .option('--account <name>', 'account; default the running one')
    .option('--since <instant>', 'from this date or instant on; default the last 24 hours', instant)
    .option('--json', 'print one JSON document');

export const alertsCommand = new Command('alerts').description('what people were told, and where');

withOptions(
  alertsCommand
    .command('list')
    .description('alerts with the state of each delivery')
    .option('--failed', 'only those that a channel does not have'),
).action(async (flags: AlertFlags) => {
  const { alerts, mode } = await withRecords(async (pool) => ({
    alerts: await chosenAlerts(pool, flags),
    mode: await recordedMode(pool, accountOf(flags)),
  }));
  print(flags.json === true, alerts, () => [headline(mode, accountOf(flags)), ...lines(alerts)]);
});

/** An alert with the channels it is sent to again. */
interface Resent {
  readonly id: string;
  readonly channels: 'all' | readonly string[];
}

withOptions(
  alertsCommand
    .command('resend [id]')
    .description('send an alert again to every channel, or every failed delivery with --failed')
    .option('--failed', 'every delivery that has failed, to its own channel'),
).action(async (id: string | undefined, flags: AlertFlags) => {
  const alerts = await withRecords((pool) => toResend(pool, id, flags));
  const resent = await withTemporal(async (client) => {
    const done: Resent[] = [];
    for (const { deliveries, ...alert } of alerts) {
      const again = id === undefined ? failedChannels({ ...alert, deliveries }) : 'all';
      const workflowId = `alert-${alert.id}-again-${Date.now()}`;
      await startDelivery(client, { ...alert, again }, workflowId);
      done.push({ id: alert.id, channels: again });
    }
    return done;
  });
  print(flags.json === true, resent, () =>
    resent.length === 0
      ? ['no delivery has failed']
      : resent.map(
          ({ id: one, channels }) =>
            `sent again to ${channels === 'all' ? 'every channel' : channels.join(', ')}: ${one}`,
        ),
  );
});

/** @throws Refused when neither or both of an id and --failed are given, or there is no such alert. */
async function toResend(
  pool: Pool,
  id: string | undefined,
  flags: AlertFlags,
): Promise<readonly RecordedAlert[]> {
  if ((id === undefined) === (flags.failed === undefined))
    throw new Refused({
      code: 'RESEND_WHAT',
      message: 'resend takes either the id of one alert or --failed, not both and not neither',
    });
  if (id === undefined) return chosenAlerts(pool, flags);
  const account = accountOf(flags);
  const alert = await alertOf(pool, account, id);
  if (alert !== undefined) return [alert];
  throw new Refused({
    code: 'ALERT_UNKNOWN',
    message: `account ${account} has no alert "${id}"; \`ratchet alerts list\` has the ids`,
  });
}
