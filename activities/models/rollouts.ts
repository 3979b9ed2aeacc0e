// The model server's admin API for the modelRollout workflow. Every call may run twice. A start carries the
// rollout's id, and a verdict names the step it judged. A decision that was taken already is answered with
// the present state.
import type { Secret } from '../../domain/secret';
import { ApplicationFailure } from '@temporalio/activity';
import { z } from 'zod';
import type { RolloutPolicy } from '../../domain/rollout/policy';
import type { RolloutReport } from '../../domain/rollout/report';
import type { Verdict } from '../../domain/rollout/rollout';
import type { WatchedModel } from '../../domain/rollout/troubles';

export interface RolloutStart {
  readonly id: string;
  readonly model: string;
  readonly candidate: string;
  readonly policy: Partial<RolloutPolicy>;
  readonly by: string;
  readonly reason: string;
}

export type RolloutDecisionKind = 'pause' | 'approve' | 'promote' | 'abort';

export interface RolloutActivities {
  /** Loads the candidate, checks its golden cases and copies traffic to it. */
  startRollout(start: RolloutStart): Promise<RolloutReport>;
  observeRollout(model: string): Promise<RolloutReport>;
  /** Every model with its versions, for the watch. */
  observeModels(): Promise<readonly WatchedModel[]>;
  /** @param judged `since` names the step the verdict is about. A step that is over is not judged again. */
  judgeRollout(judged: { model: string; since: number; verdict: Verdict }): Promise<RolloutReport>;
  decideRollout(decision: {
    model: string;
    kind: RolloutDecisionKind;
    by: string;
    reason: string;
  }): Promise<RolloutReport>;
}

export interface RolloutServer {
  readonly url: string;
  readonly adminToken: Secret | undefined;
}

const conductor = 'modelRollout workflow';
/** Loading and checking a large model takes seconds. */
const timeoutMs = 30_000;

const report = z.looseObject({
  model: z.string(),
  candidate: z.string(),
  phase: z.looseObject({ kind: z.string(), since: z.number() }),
  policy: z.looseObject({}),
  evidence: z.looseObject({ candidate: z.looseObject({}), stable: z.looseObject({}) }),
});
const watchedStatus = z.object({
  refused: z.array(
    z.object({ model: z.string(), version: z.string().nullable(), why: z.string() }),
  ),
  models: z.array(
    z.object({
      name: z.string(),
      stable: z.string().nullable(),
      versions: z.array(
        z.object({
          version: z.string(),
          state: z.string(),
          reason: z.string().nullable(),
          answered: z.number(),
          failed: z.number(),
          inputDrift: z.number().nullable(),
          outputDrift: z.number().nullable(),
        }),
      ),
    }),
  ),
});
const refusal = z.object({ error: z.string(), code: z.string().optional() });

export function createRolloutActivities(server: RolloutServer): RolloutActivities {
  const ask = async (model: string, path: string, body?: object): Promise<RolloutReport> => {
    const base = `/v2/admin/models/${encodeURIComponent(model)}`;
    return report.parse(
      await askServer(server, `${base}/${path}`, body),
    ) as unknown as RolloutReport;
  };
  return {
    startRollout: ({ model, ...start }) =>
      ask(model, 'rollout', { ...start, conductor: 'workflow' }),
    observeRollout: (model) => ask(model, 'rollout'),
    observeModels: async () =>
      watchedOf(watchedStatus.parse(await askServer(server, '/v2/status', undefined))),
    judgeRollout: ({ model, ...judged }) =>
      ask(model, 'rollout/judged', { ...judged, by: conductor }).catch(overtaken(ask, model)),
    decideRollout: ({ model, kind, ...signature }) => ask(model, `rollout/${kind}`, signature),
  };
}

/** Every model that is served or could not be loaded, each with what was refused of it. */
function watchedOf({ models, refused }: z.infer<typeof watchedStatus>): readonly WatchedModel[] {
  const names = new Set(
    [...models, ...refused.map(({ model: name }) => ({ name }))].map(({ name }) => name),
  );
  return [...names].map((name) => {
    const served = models.find((model) => model.name === name);
    const failed = refused.find(({ model }) => model === name);
    return {
      ...(served ?? { name, stable: null, versions: [] }),
      ...(failed !== undefined && {
        refused: { version: failed.version ?? 'newest', why: failed.why },
      }),
    };
  });
}

/** The step was ended by the guard or an operator. The caller looks again. */
const overtaken =
  (ask: (model: string, path: string) => Promise<RolloutReport>, model: string) =>
  (error: unknown): Promise<RolloutReport> => {
    if (error instanceof ApplicationFailure && error.type === 'STATE_CONFLICT') {
      return ask(model, 'rollout');
    }
    throw error;
  };

async function askServer(
  { url, adminToken }: RolloutServer,
  path: string,
  body: object | undefined,
): Promise<unknown> {
  const reply = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${adminToken?.reveal() ?? ''}`,
      'content-type': 'application/json',
    },
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await reply.json();
  if (reply.ok) return answer;
  const { error, code = 'UNEXPECTED' } = refusal.parse(answer);
  throw ApplicationFailure.create({
    message: error,
    type: code,
    // A refusal will be repeated; a fault of the server passes.
    nonRetryable: reply.status < 500,
  });
}
