// `ratchet models rollout | approve | pause | promote | abort`: the modelRollout workflow and its decisions.
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { Command } from 'commander';
import type { RolloutPolicy } from '../../domain/rollout/policy';
import { rolloutPolicy } from '../../domain/rollout/policy';
import type { RolloutReport } from '../../domain/rollout/report';
import {
  modelWatchWorkflowId,
  officeQueue,
  rolloutDecisionUpdate,
  rolloutQuery,
  rolloutWorkflowId,
  type RolloutDecision,
} from '../../workflows/messages';
import type { modelRollout, modelWatch } from '../../workflows';
import { withSignature, type SignedFlags } from '../modelServer';
import { print } from '../text/output';
import { readRunning } from '../../infra/supervisor/runFolder';
import { ask, withTemporal } from '../talk';

const decisions: Readonly<Record<RolloutDecision['kind'], string>> = {
  approve: 'a paused rollout goes on where it stopped',
  pause: 'the candidate takes no traffic until somebody approves',
  promote: 'the candidate answers everything now',
  abort: 'the stable version answers everything again',
};

const line = ({ model, stable, candidate, phase, share }: RolloutReport): string => {
  const why = 'reason' in phase ? `: ${phase.reason}` : '';
  return `${model} ${stable} → ${candidate}: ${phase.kind}, ${(share * 100).toFixed(0)} %${why}`;
};

interface RolloutFlags extends SignedFlags {
  readonly policy?: string;
  readonly every: string;
  readonly account?: string;
  readonly wait?: true;
}

/** @throws Refused naming the field of the policy that makes no sense. */
function policyOf(text: string | undefined): Partial<RolloutPolicy> {
  const changes = text === undefined ? {} : (JSON.parse(text) as Partial<RolloutPolicy>);
  rolloutPolicy(changes);
  return changes;
}

function rolloutCommand(): Command {
  const command = new Command('rollout')
    .description('start a rollout: shadow, canary steps, promoted or rolled back')
    .argument('<model>')
    .argument('<version>')
    .option('--policy <json>', 'changes to the default policy')
    .option('--every <seconds>', 'between two looks at the evidence', '10')
    .option('--account <name>', 'whose webhooks are told; default the running one')
    .option('--wait', 'until it has ended');
  return withSignature(command).action(
    async (model: string, candidate: string, flags: RolloutFlags) => {
      const { by, reason, every } = flags;
      const account = flags.account ?? readRunning()?.account ?? 'paper';
      const policy = policyOf(flags.policy);
      await withTemporal(async (client) => {
        const everyMs = Math.max(500, Number(every) * 1_000);
        const handle = await client.workflow.start<typeof modelRollout>('modelRollout', {
          workflowId: rolloutWorkflowId(model),
          taskQueue: officeQueue,
          args: [{ account, model, candidate, policy, by, reason, everyMs }],
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
          staticSummary: `Rollout of ${model} ${candidate}`,
        });
        if (flags.wait === true) {
          const result = await handle.result();
          print(flags.json === true, result, () => [`${result.outcome}: ${result.reason}`]);
          process.exitCode = result.outcome === 'promoted' ? 0 : 1;
        } else {
          const { workflowId } = handle;
          print(flags.json === true, { workflowId }, () => [`started ${workflowId}`]);
        }
      });
    },
  );
}

function decisionCommand(kind: RolloutDecision['kind'], description: string): Command {
  const command = new Command(kind).description(description).argument('<model>');
  return withSignature(command).action(async (model: string, flags: SignedFlags) => {
    const { by, reason } = flags;
    const report = await withTemporal((client) =>
      client.workflow
        .getHandle(rolloutWorkflowId(model))
        .executeUpdate(rolloutDecisionUpdate, { args: [{ kind, by, reason }] }),
    );
    print(flags.json === true, report, () => [line(report)]);
  });
}

function showCommand(): Command {
  return new Command('show')
    .description('where the rollout of a model stands, with its evidence')
    .argument('<model>')
    .option('--json', 'print one JSON document')
    .action(async (model: string, flags: { json?: true }) => {
      const report = await withTemporal((client) =>
        ask(() => client.workflow.getHandle(rolloutWorkflowId(model)).query(rolloutQuery)),
      );
      print(flags.json === true, report, () => [
        report === null ? `${model}: the candidate is being loaded` : line(report),
      ]);
    });
}

function watchCommand(): Command {
  return new Command('watch')
    .description(
      'tell the webhooks of versions out, failures and drift; runs until it is cancelled',
    )
    .option('--account <name>', 'whose webhooks; default the running one')
    .option('--every <seconds>', 'between two looks', '15')
    .option('--json', 'print one JSON document')
    .action(async (flags: { account?: string; every: string; json?: true }) => {
      const account = flags.account ?? readRunning()?.account ?? 'paper';
      const everyMs = Math.max(1_000, Number(flags.every) * 1_000);
      const { workflowId } = await withTemporal((client) =>
        client.workflow.start<typeof modelWatch>('modelWatch', {
          workflowId: modelWatchWorkflowId(account),
          taskQueue: officeQueue,
          args: [{ account, everyMs }],
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
          staticSummary: `Watch over the models of ${account}`,
        }),
      );
      print(flags.json === true, { workflowId }, () => [`watching: ${workflowId}`]);
    });
}

/** The commands of a rollout, and of the watch beside it. */
export const rolloutCommands = (): readonly Command[] => [
  rolloutCommand(),
  showCommand(),
  watchCommand(),
  ...Object.entries(decisions).map(([kind, description]) =>
    decisionCommand(kind as RolloutDecision['kind'], description),
  ),
];
