// `ratchet schedule …`: one Temporal schedule per account, made from the configured calendar, so that days
// start by themselves. Sync is idempotent; the calendar's last year bounds it, so a stale list starts nothing.
import { Command } from 'commander';
import {
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';
import { headline } from '../../domain/live/mode';
import { istDate } from '../../domain/session/sessionClock';
import { epochMs } from '../../domain/units';
import { readCalendar } from '../../infra/config/sections/calendar';
import { loadConfig, type RatchetConfig } from '../../infra/config/config';
import { scheduleIdOf } from '../../domain/session/scheduleId';
import { ordersQueue } from '../../workflows/messages';
import { columns, print } from '../text/output';
import { scheduleSpec } from '../scheduleSpec';
import { dayTerms } from '../dayTerms';
import { withTemporal } from '../talk';

interface ScheduleFlags {
  readonly config?: string;
  readonly account: string;
  readonly reason?: string;
  readonly json?: true;
}

function optionsOf(config: RatchetConfig): ScheduleOptions {
  const { account } = config;
  const calendar = readCalendar(config.calendar);
  return {
    scheduleId: scheduleIdOf(account),
    spec: scheduleSpec(calendar, istDate(epochMs(Date.now()))),
    policies: {
      overlap: ScheduleOverlapPolicy.SKIP,
      catchupWindow: '10 minutes',
      pauseOnFailure: true,
    },
    action: {
      type: 'startWorkflow',
      workflowType: 'scheduledDay',
      workflowId: `scheduled-day-${account}`,
      taskQueue: ordersQueue(account),
      args: [{ account, ...dayTerms(config, { speed: 1 }) }],
    },
  };
}

/** Creates the schedule, or updates the existing one to the calendar. */
export async function syncSchedule(
  client: Client,
  config: RatchetConfig,
): Promise<'created' | 'updated'> {
  const options = optionsOf(config);
  try {
    await client.schedule.getHandle(options.scheduleId).update((previous) => ({
      ...previous,
      spec: options.spec,
      policies: options.policies ?? {},
      action: options.action,
    }));
    return 'updated';
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    await client.schedule.create(options);
    return 'created';
  }
}

export const scheduleCommand = new Command('schedule').description(
  'start trading days by themselves, from the configured calendar',
);

scheduleCommand
  .command('sync')
  .description('create or update the schedule of the configured account')
  .option('--config <file>', 'configuration file (JSON)')
  .option('--json', 'print one JSON document')
  .action(async (flags: ScheduleFlags) => {
    const config = loadConfig(flags.config);
    const facts = await withTemporal(async (client) => {
      const outcome = await syncSchedule(client, config);
      const { info } = await client.schedule.getHandle(scheduleIdOf(config.account)).describe();
      return {
        scheduleId: scheduleIdOf(config.account),
        outcome,
        next: info.nextActionTimes.map((at) => at.toISOString()),
      };
    });
    print(flags.json === true, facts, () => [
      `${headline(config.mode, config.account)}: ${facts.scheduleId} ${facts.outcome}; next: ${facts.next.slice(0, 3).join(', ') || 'none: the holiday list ends'}`,
    ]);
  });

scheduleCommand
  .command('list')
  .description('every schedule with its next start')
  .option('--json', 'print one JSON document')
  .action(async (flags: ScheduleFlags) => {
    const rows = await withTemporal(async (client) => {
      const found: { scheduleId: string; paused: boolean; next: string | null }[] = [];
      for await (const { scheduleId: id, state, info } of client.schedule.list()) {
        found.push({
          scheduleId: id,
          paused: state.paused,
          next: info.nextActionTimes[0]?.toISOString() ?? null,
        });
      }
      return found;
    });
    print(flags.json === true, rows, () =>
      columns(
        rows.map((row) => [row.scheduleId, row.paused ? 'paused' : 'active', row.next ?? 'never']),
      ),
    );
  });

scheduleCommand
  .command('pause')
  .description('start no more days until it is unpaused in the UI')
  .requiredOption('--account <name>', 'account of the schedule')
  .option('--reason <words>', 'why', 'paused by the operator')
  .action(async (flags: ScheduleFlags) => {
    await withTemporal((client) =>
      client.schedule.getHandle(scheduleIdOf(flags.account)).pause(flags.reason),
    );
    process.stdout.write(`${scheduleIdOf(flags.account)} paused\n`);
  });
