// The admin API of rollouts. Every change names who makes it and why. Both are recorded with the numbers
// behind the decision.
import { z } from 'zod';
import { refused } from '../protocol/errors';
import { parsed } from './bodies';
import { versionPattern } from '../repository/modelConfig';
import type { RolloutRegistry } from '../rollout/rolloutRegistry';
import type { Route, RouteCall, RouteReply } from './routes';

const signature = { by: z.string().min(1).max(100), reason: z.string().min(1).max(500) };
const changeSchema = z.strictObject(signature);
const startSchema = z.strictObject({
  ...signature,
  candidate: z.string().regex(versionPattern),
  conductor: z.enum(['server', 'workflow']).default('server'),
  id: z.string().min(1).max(200).optional(),
  policy: z
    .strictObject({
      canaryPercents: z.array(z.number()).min(1).max(20),
      minSamples: z.int().min(1),
      minStepMs: z.int().min(0),
      progressDeadlineMs: z.int().min(1),
      alpha: z.number(),
      maxConsecutiveFailures: z.int().min(1),
      maxInvalidShare: z.number(),
      maxFailedShare: z.number(),
      latencyTolerance: z.number(),
      latencyFloorMs: z.number().min(0),
      latencyMinSamples: z.int().min(1),
      maxDrift: z.number().positive(),
      driftMinSamples: z.int().min(1),
      outcomeKeys: z.int().min(0),
      outcomeAlpha: z.number(),
    })
    .partial()
    .default({}),
});

const judgedSchema = z.strictObject({
  by: signature.by,
  since: z.int(),
  verdict: z.strictObject({
    kind: z.enum(['insufficient', 'pass', 'pause', 'rollback']),
    reason: signature.reason,
  }),
});
const outcomeSchema = z.strictObject({
  routing_key: z.string().min(1).max(256),
  success: z.boolean(),
});

const events = { pause: 'pause', approve: 'approve', promote: 'promote', abort: 'abort' } as const;
const base = '/v2/admin/models/:model';

/** Start, look at, and decide rollouts; go back to the version before. */
export function rolloutRoutes(book: RolloutRegistry): readonly Route[] {
  return [
    {
      method: 'post',
      path: `${base}/rollout`,
      summary:
        'Start a rollout: load the candidate beside the stable version and mirror traffic to it',
      answer: async ({ parameters, body }) => {
        const { policy, ...start } = parsed(startSchema, body);
        const changed = Object.fromEntries(
          Object.entries(policy).filter(([, value]) => value !== undefined),
        );
        const model = modelOf(parameters);
        return ok(await book.start({ model, policy: changed, ...start }));
      },
    },
    {
      method: 'get',
      path: `${base}/rollout`,
      summary: 'The rollout with its evidence and what the judge says of it now',
      answer: ({ parameters }) => ok(book.report(modelOf(parameters))),
    },
    {
      method: 'get',
      path: `${base}/changes`,
      summary: 'Who changed what, when and why',
      answer: ({ parameters }) => ok(book.changes(modelOf(parameters))),
    },
    {
      method: 'post',
      path: `${base}/rollback`,
      summary: 'Back to the version that served before, at once',
      answer: ({ parameters, body }) => {
        const { by, reason } = parsed(changeSchema, body);
        return ok({ stable: book.rollback(modelOf(parameters), by, reason) });
      },
    },
    judgedRoute(book),
    outcomeRoute(book),
    ...Object.values(events).map((kind): Route => ({
      method: 'post',
      path: `${base}/rollout/${kind}`,
      summary: `An operator's decision: ${kind}`,
      answer: ({ parameters, body }) => {
        const { by, reason } = parsed(changeSchema, body);
        return ok(book.act(modelOf(parameters), { kind, reason }, by));
      },
    })),
  ];
}

const judgedRoute = (book: RolloutRegistry): Route => ({
  method: 'post',
  path: `${base}/rollout/judged`,
  summary: "The modelRollout workflow's verdict on the step that began at `since`",
  answer: ({ parameters, body }) => {
    const { verdict, since, by } = parsed(judgedSchema, body);
    const model = modelOf(parameters);
    const { phase } = book.report(model);
    if (phase.since !== since) {
      throw refused('STATE_CONFLICT', `The step that began at ${since} is over.`);
    }
    return ok(book.act(model, { kind: 'judged', verdict, reason: verdict.reason }, by));
  },
});

const outcomeRoute = (book: RolloutRegistry): Route => ({
  method: 'post',
  path: '/v2/models/:model/outcomes',
  summary:
    'How an answer turned out, by the routing key its caller scored with; feeds the A/B test',
  answer: ({ parameters, body }) => {
    const { routing_key: key, success } = parsed(outcomeSchema, body);
    const arm = book.noteOutcome(modelOf(parameters), key, success);
    return ok({ counted: arm !== undefined, ...(arm !== undefined && { arm }) });
  },
});

const ok = (json: unknown): RouteReply => ({ status: 200, json });

const modelOf = (parameters: RouteCall['parameters']): string => parameters['model'] ?? '';
