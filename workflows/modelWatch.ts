// Watches the model server, with or without a rollout: a version that left the rotation, a model without an
// answering version, failures, drift, a server that does not answer. Each trouble is alerted once, and again
// only after it had gone.
import {
  ActivityFailure,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { RolloutActivities } from '../activities/models/rollouts';
import type { AlertBody, OtherAlertType } from '../domain/alerts/catalogue';
import { troubleKey, troublesOf, type WatchedModel } from '../domain/rollout/troubles';
import { marketQueue } from './messages';
import { alertOutbox } from './raiseAlert';

export interface ModelWatchInput {
  /** Names the account whose webhooks are told. */
  readonly account: string;
  readonly everyMs: number;
  /** What the run before this one knew; absent at first. */
  readonly seen?: { readonly models: readonly WatchedModel[]; readonly told: readonly string[] };
}

const server = proxyActivities<RolloutActivities>({
  taskQueue: marketQueue,
  startToCloseTimeout: '10s',
  retry: { maximumAttempts: 3, initialInterval: '1s' },
});

const unreachable = 'model.server_unreachable';

export async function modelWatch(input: ModelWatchInput): Promise<void> {
  const { account, everyMs } = input;
  const outbox = alertOutbox(account);
  let models = input.seen?.models ?? [];
  let told = new Set(input.seen?.told ?? []);
  for (let look = 0; ; look += 1) {
    const open = new Set<string>();
    const tell = <Type extends OtherAlertType>(
      key: string,
      type: Type,
      body: AlertBody<Type>,
    ): void => {
      open.add(key);
      // The run's id and the look keep a trouble that comes back apart from its first time.
      const event = `${key}-${workflowInfo().runId}-${look}`;
      if (!told.has(key)) outbox.raise(type, event, body);
    };
    const now = await observed();
    if (typeof now === 'string') tell(unreachable, unreachable, { why: now });
    else {
      for (const trouble of troublesOf(models, now)) {
        const { type, model, version, why } = trouble;
        tell(troubleKey(trouble), type, { model, version, why });
      }
      models = now;
    }
    told = open;
    await outbox.flushed();
    await condition(() => false, everyMs);
    if (workflowInfo().continueAsNewSuggested) {
      const seen = { models, told: [...told] };
      await continueAsNew<typeof modelWatch>({ account, everyMs, seen });
    }
  }
}

/** The status of every model, or why it could not be read. */
async function observed(): Promise<readonly WatchedModel[] | string> {
  try {
    return await server.observeModels();
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return error.cause?.message ?? 'the model server does not answer';
  }
}
