// A rollout as one durable loop: check, shadow, canary steps, then promotion or rollback. It observes the
// model server, judges with the same pure rules that the server guards by, and alerts people. The server
// itself drops a bad candidate within the request; this loop learns of it at its next look.
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { RolloutActivities } from '../activities/models/rollouts';
import { judgeStep } from '../domain/rollout/judge';
import type { RolloutPolicy } from '../domain/rollout/policy';
import { agreementSentence, type RolloutReport } from '../domain/rollout/report';
import { advanceRollout, hasEnded, type Verdict } from '../domain/rollout/rollout';
import { now } from './hostClock';
import { marketQueue, rolloutDecisionUpdate, rolloutQuery, type RolloutDecision } from './messages';
import { modelServer } from './policies';
import { alertOutbox, type AlertOutbox } from './raiseAlert';

export interface ModelRolloutInput {
  /** Names the account whose webhooks are told. */
  readonly account: string;
  readonly model: string;
  readonly candidate: string;
  readonly policy: Partial<RolloutPolicy>;
  readonly by: string;
  readonly reason: string;
  /** Milliseconds between two looks at the evidence. */
  readonly everyMs: number;
}

export interface ModelRolloutResult {
  readonly outcome: 'promoted' | 'rolledBack';
  readonly reason: string;
}

const server = proxyActivities<RolloutActivities>({ ...modelServer, taskQueue: marketQueue });

export async function modelRollout(input: ModelRolloutInput): Promise<ModelRolloutResult> {
  const { model, account, everyMs } = input;
  const outbox = alertOutbox(account);
  let report: RolloutReport | null = null;
  let decided = 0;
  setHandler(rolloutQuery, () => report);
  setHandler(
    rolloutDecisionUpdate,
    async (decision) => {
      report = await server.decideRollout({ model, ...decision });
      decided += 1;
      return report;
    },
    { validator: (decision: RolloutDecision) => checkDecision(decision, report) },
  );
  report = await begin(input);
  for (let told = ''; ;) {
    told = tell(outbox, report, told);
    if (hasEnded(report)) break;
    const seen = decided;
    await condition(() => decided > seen, everyMs);
    if (decided > seen) continue;
    const judged = await judge(await server.observeRollout(model));
    // A person's decision taken meanwhile is newer than what was observed before it.
    if (decided === seen) report = judged;
    if (workflowInfo().continueAsNewSuggested && !hasEnded(report)) {
      await outbox.flushed();
      await condition(allHandlersFinished);
      await continueAsNew<typeof modelRollout>(input);
    }
  }
  await outbox.flushed();
  await condition(allHandlersFinished);
  return resultOf(report);
}

/** The first run's id stays the same over continue-as-new, so starting again joins the same rollout. */
function begin({
  model,
  candidate,
  policy,
  by,
  reason,
}: ModelRolloutInput): Promise<RolloutReport> {
  const { firstExecutionRunId: id } = workflowInfo();
  return server.startRollout({ id, model, candidate, policy, by, reason });
}

/** Moves the rollout to its next phase where the evidence says so. */
async function judge(report: RolloutReport): Promise<RolloutReport> {
  if (hasEnded(report)) return report;
  const verdict = worded(report, judgeStep(report, report.evidence, now()));
  if (advanceRollout(report, { kind: 'judged', verdict }, now()) === report) return report;
  const { model, phase } = report;
  return server.judgeRollout({ model, since: phase.since, verdict });
}

/** The step out of the shadow depends on its agreement too, so the record states it. */
function worded({ phase, agreement }: RolloutReport, verdict: Verdict): Verdict {
  if (phase.kind !== 'shadow' || verdict.kind !== 'pass') return verdict;
  return { ...verdict, reason: `${verdict.reason}; ${agreementSentence(agreement)}` };
}

function checkDecision({ by, reason, kind }: RolloutDecision, report: RolloutReport | null): void {
  if (report === null) throw new Error('the candidate is still being loaded');
  if (by === '' || reason === '') throw new Error('a decision names who makes it and why');
  if (hasEnded(report)) throw new Error(`the rollout is ${report.phase.kind} already`);
  if (kind === 'approve' && report.phase.kind !== 'paused') {
    throw new Error(`the rollout is in ${report.phase.kind}: only a paused one can be approved`);
  }
}

const alertTypes = {
  paused: 'model.rollout_paused',
  promoted: 'model.promoted',
  rolledBack: 'model.rolled_back',
} as const;

/**
 * Shows every phase in the UI and raises an alert for a paused or ended rollout. Returns the phase it showed.
 */
function tell(outbox: AlertOutbox, report: RolloutReport, told: string): string {
  const { model, stable, candidate, phase, share, evidence, agreement } = report;
  const { answered, failed } = evidence.candidate;
  setCurrentDetails(
    [
      `**${model} ${stable} → ${candidate}** · ${phase.kind} · ${(share * 100).toFixed(0)} %`,
      '',
      `${answered} answers in this step, ${failed} failed; ${agreementSentence(agreement)}`,
      'reason' in phase ? phase.reason : '',
    ].join('\n'),
  );
  const key = `${phase.kind}-${phase.since}`;
  if (key !== told && 'reason' in phase) {
    outbox.raise(alertTypes[phase.kind], key, { model, stable, candidate, why: phase.reason });
  }
  return key;
}

function resultOf({ phase }: RolloutReport): ModelRolloutResult {
  if (phase.kind === 'promoted') return { outcome: 'promoted', reason: phase.reason };
  return { outcome: 'rolledBack', reason: 'reason' in phase ? phase.reason : '' };
}
