// The admin API of rollouts. Every change names who makes it and why; both are recorded with the numbers
// that stood behind the decision.
import { z } from 'zod';
import { refused } from '../protocol/errors';
import { versionPattern } from '../repository/modelConfig';
import type { RolloutBook } from '../rollout/rolloutBook';
import type { Route, RouteCall, RouteReply } from './routes';

const signature = { by: z.string().min(1).max(100), reason: z.string().min(1).max(500) };
const changeSchema = z.strictObject(signature);
const startSchema = z.strictObject({
  ...signature,
  candidate: z.string().regex(versionPattern),
  policy: z
    .strictObject({
      canaryPercents: z.array(z.number()).min(1).max(20),
      minSamples: z.int().min(1),
      minStepMs: z.int().min(0),
      progressDeadlineMs: z.int().min(1),
      alpha: z.number(),
      maxConsecutiveFailures: z.int().min(1),
      maxInvalidShare: z.number(),
      latencyTolerance: z.number(),
      latencyFloorMs: z.number().min(0),
      latencyMinSamples: z.int().min(1),
      maxDrift: z.number().positive(),
      driftMinSamples: z.int().min(1),
    })
    .partial()
    .default({}),
});

const events = { pause: 'pause', approve: 'approve', promote: 'promote', abort: 'abort' } as const;
const base = '/v2/admin/models/:model';

/** Start, look at, and decide rollouts; go back to the version before. */
export function rolloutRoutes(book: RolloutBook): readonly Route[] {
  return [
    {
      method: 'post',
      path: `${base}/rollout`,
      scope: 'admin',
      summary:
        'Start a rollout: load the candidate beside the stable version and mirror traffic to it',
      answer: async ({ parameters, body }) => {
        const { candidate, policy, by, reason } = parsed(startSchema, body);
        const changed = Object.fromEntries(
          Object.entries(policy).filter(([, value]) => value !== undefined),
        );
        const model = modelOf(parameters);
        return ok(await book.start({ model, candidate, policy: changed, by, reason }));
      },
    },
    {
      method: 'get',
      path: `${base}/rollout`,
      scope: 'admin',
      summary: 'The rollout with its evidence and what the judge says of it now',
      answer: ({ parameters }) => ok(book.report(modelOf(parameters))),
    },
    {
      method: 'get',
      path: `${base}/changes`,
      scope: 'admin',
      summary: 'Who changed what, when and why',
      answer: ({ parameters }) => ok(book.changes(modelOf(parameters))),
    },
    {
      method: 'post',
      path: `${base}/rollback`,
      scope: 'admin',
      summary: 'Back to the version that served before, at once',
      answer: ({ parameters, body }) => {
        const { by, reason } = parsed(changeSchema, body);
        return ok({ stable: book.rollback(modelOf(parameters), by, reason) });
      },
    },
    ...Object.values(events).map((kind): Route => ({
      method: 'post',
      path: `${base}/rollout/${kind}`,
      scope: 'admin',
      summary: `An operator's decision: ${kind}`,
      answer: ({ parameters, body }) => {
        const { by, reason } = parsed(changeSchema, body);
        return ok(book.act(modelOf(parameters), { kind, reason }, by));
      },
    })),
  ];
}

const ok = (json: unknown): RouteReply => ({ status: 200, json });

const modelOf = (parameters: RouteCall['parameters']): string => parameters['model'] ?? '';

function parsed<Shape>(schema: z.ZodType<Shape>, body: unknown): Shape {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw refused(
    'INPUT_INVALID',
    `${field === '' ? 'The body' : field}: ${issue?.message ?? 'is wrong'}.`,
  );
}
