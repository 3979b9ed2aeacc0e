// `ratchet models …`: what serves, new versions, rollouts. Rollouts are workflows, so their decisions go
// through Temporal. All else uses the model server's admin API.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { z } from 'zod';
import { benchCommand } from './modelBench';
import { rolloutCommands } from './modelRollouts';
import { signCommand, signingKeyOf, withKey, type KeyFlag } from './modelSigning';
import { signManifest } from '../../serving/repository/manifest';
import {
  modelServerOf,
  withServer,
  withSignature,
  type ServerFlags,
  type SignedFlags,
} from '../modelServer';
import { columns, print } from '../text/output';

const statusSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      stable: z.string().nullable(),
      previous: z.string().nullable(),
      rollout: z
        .object({
          candidate: z.string(),
          phase: z.looseObject({ kind: z.string() }),
          share: z.number(),
        })
        .nullable(),
      versions: z.array(
        z.looseObject({
          version: z.string(),
          state: z.string(),
          answered: z.number(),
          failed: z.number(),
          p50Ms: z.number().nullable(),
          p99Ms: z.number().nullable(),
        }),
      ),
    }),
  ),
});
type ModelStatus = z.infer<typeof statusSchema>['models'][number];

const trafficOf = ({ stable, rollout }: ModelStatus, version: string): string => {
  const share = rollout === null ? 0 : rollout.share;
  if (version === rollout?.candidate) {
    return `${rollout.phase.kind} ${(share * 100).toFixed(0)} %`;
  }
  return version === stable ? `stable ${((1 - share) * 100).toFixed(0)} %` : '–';
};

const ms = (value: number | null): string => (value === null ? '–' : value.toFixed(2));

const statusLines = (models: readonly ModelStatus[]): string[] =>
  columns([
    ['model', 'version', 'state', 'traffic', 'answered', 'failed', 'p50 ms', 'p99 ms'],
    ...models.flatMap((model) =>
      model.versions.map((each) => [
        model.name,
        each.version,
        each.state,
        trafficOf(model, each.version),
        String(each.answered),
        String(each.failed),
        ms(each.p50Ms),
        ms(each.p99Ms),
      ]),
    ),
  ]);

const indexSchema = z.array(
  z.object({
    name: z.string(),
    version: z.string().optional(),
    state: z.string().optional(),
    reason: z.string().optional(),
  }),
);

export const modelsCommand = new Command('models').description(
  'the models that serve: list, push, roll out, roll back',
);

withServer(modelsCommand.command('list').description('every model of the repository')).action(
  async (flags: ServerFlags) => {
    const index = indexSchema.parse(await modelServerOf(flags).post('/v2/repository/index', {}));
    print(flags.json === true, index, () =>
      columns([
        ['model', 'version', 'state', 'why'],
        ...index.map(({ name, version = '–', state = 'not loaded', reason = '' }) => [
          name,
          version,
          state,
          reason,
        ]),
      ]),
    );
  },
);

withServer(
  modelsCommand
    .command('status [model]')
    .description('versions with their traffic, health and latency'),
).action(async (model: string | undefined, flags: ServerFlags) => {
  const { models } = statusSchema.parse(await modelServerOf(flags).get('/v2/status'));
  const chosen = models.filter(({ name }) => model === undefined || name === model);
  print(flags.json === true, chosen, () => statusLines(chosen));
});

const goldenSchema = z.object({ golden: z.array(z.unknown()) });

withKey(
  withSignature(
    modelsCommand
      .command('push <model> <version> <file>')
      .description('sign and send a new version; it is proven and then waits for a rollout')
      .option('--golden <file>', 'JSON with golden cases of this version'),
  ),
).action(
  async (
    model: string,
    version: string,
    file: string,
    flags: SignedFlags & KeyFlag & { golden?: string },
  ) => {
    const bytes = readFileSync(file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const cases =
      flags.golden === undefined
        ? {}
        : goldenSchema.parse(JSON.parse(readFileSync(flags.golden, 'utf8')));
    const server = modelServerOf(flags);
    const path = `/v2/admin/models/${model}/versions/${version}`;
    const { by, reason } = flags;
    const about = { name: model, version, sha256 };
    const manifest = signManifest(about, signingKeyOf(flags), new Date());
    await server.post(path, { sha256, manifest, by, reason, ...cases });
    const pushed = await server.post(`${path}/file`, bytes);
    print(flags.json === true, pushed, () => [`${model} ${version} is proven: sha256 ${sha256}`]);
  },
);

withSignature(
  modelsCommand.command('rollback <model>').description('the version before answers at once'),
).action(async (model: string, flags: SignedFlags) => {
  const { by, reason } = flags;
  const path = `/v2/admin/models/${model}/rollback`;
  const { stable } = z
    .object({ stable: z.string() })
    .parse(await modelServerOf(flags).post(path, { by, reason }));
  print(flags.json === true, { model, stable }, () => [`${model}: version ${stable} answers`]);
});

for (const command of [signCommand(), ...rolloutCommands(), benchCommand()])
  modelsCommand.addCommand(command);
