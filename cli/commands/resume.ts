// `ratchet resume`: allows entries again, in two steps. The first shows what is halted; the second, with the code
// it showed, writes who allows it and why. The day then reads that record.
import { Command } from 'commander';
import { latestHalt, recordHalt } from '../../activities/ledger/halts';
import { Refused } from '../../domain/errors';
import { confirmationOf } from '../../domain/messages/confirmation';
import { headline, type Mode } from '../../domain/live/mode';
import { istTime } from '../../domain/session/sessionClock';
import type { EpochMs } from '../../domain/units';
import { attempt, inTime } from '../../workers/switchPaths';
import { resumeUpdate } from '../../workflows/messages';
import { withDayOptions } from '../dayOptions';
import { operator } from '../operator';
import {
  chosenDay,
  dayHandle,
  fillEnvironment,
  modeHere,
  withRecords,
  withWriter,
  withTemporal,
} from '../talk';
import { print } from '../text/output';

export interface ResumeFlags {
  readonly account?: string;
  readonly date?: string;
  readonly json?: true;
  readonly reason?: string;
  readonly confirm?: string;
}

interface ResumeResult {
  /** null where the system does not run here. */
  readonly mode: Mode | null;
  readonly account: string;
  readonly halted: boolean;
  /** Why and by whom entries are, or were, halted; since when, host clock. */
  readonly why: string;
  readonly by: string;
  readonly since: EpochMs;
  /** For `--confirm`; null where nothing is to be confirmed. */
  readonly confirm: string | null;
  /** Paths that did not answer, in words. */
  readonly unanswered: readonly string[];
}

async function resume(flags: ResumeFlags): Promise<ResumeResult> {
  const { account } = chosenDay(flags);
  const {
    halted,
    reason: why,
    who: by,
    since,
  } = await withRecords((pool) => latestHalt(pool, account));
  const found = { mode: modeHere(account), account, halted, why, by, since, unanswered: [] };
  if (!halted) return { ...found, confirm: null };
  const confirm = confirmationOf(since);
  if (flags.confirm === undefined) return { ...found, confirm };
  if (flags.confirm !== confirm) throw wrongCode(flags.confirm);
  const reason = flags.reason?.trim() ?? '';
  if (reason === '') throw noReason;
  await withWriter((pool) => recordHalt(pool, account, { halted: false, reason, who: operator() }));
  return { ...found, halted: false, confirm: null, unanswered: await tellDay(flags) };
}

const wrongCode = (code: string): Refused =>
  new Refused({
    code: 'RESUME',
    message: `--confirm ${code} is not the code of the newest halt: run \`ratchet resume\` without it to see what is halted`,
  });

const noReason = new Refused({
  code: 'RESUME',
  message: '--reason must say why entries are allowed again, in 1 to 200 characters',
});

async function tellDay(flags: ResumeFlags): Promise<readonly string[]> {
  const unanswered: string[] = [];
  await attempt('the day workflow', unanswered, () =>
    withTemporal((client) =>
      inTime(dayHandle(client, chosenDay(flags)).executeUpdate(resumeUpdate)),
    ),
  );
  return unanswered;
}

function lines({
  mode,
  account,
  halted,
  why,
  by,
  since,
  confirm,
  unanswered,
}: ResumeResult): string[] {
  const how = `${why}${by === '' ? '' : `, by ${by}`}`;
  return [
    headline(mode, account),
    ...(halted
      ? [
          `entries are halted since ${istTime(since)}: ${how}`,
          `to allow them: ratchet resume --reason "why" --confirm ${confirm ?? ''}`,
        ]
      : ['entries are allowed']),
    ...unanswered.map((what) => `no answer from ${what}`),
  ];
}

/** Adds the command under its name. */
export const resumeCommand = (description: string): Command =>
  withDayOptions(new Command('resume').description(description))
    .option('--reason <words>', 'why, for the record')
    .option('--confirm <code>', 'the code that the command shows without it')
    .hook('preAction', fillEnvironment)
    .action(async (flags: ResumeFlags) => {
      const result = await resume(flags);
      print(flags.json === true, result, () => lines(result));
    });
