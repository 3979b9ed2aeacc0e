// Which strategies vote: the shipped agents and the user's own, with the values and weights that are configured.
import { z } from 'zod';
import { agentNames } from '../../../domain/agents';
import { optionalSetting, setting } from '../../../domain/settings';

const weight = z.number().positive().max(100);
const value = z.union([z.number(), z.string(), z.boolean(), z.null()]);

export const strategiesSchema = z.strictObject({
  folder: setting(
    z.string().min(1),
    'strategies',
    'Folder of your own strategies, each NAME/strategy.ts; relative to this file, without one to the working directory.',
  ),
  use: optionalSetting(
    z
      .array(z.string().min(1))
      .min(1)
      .refine((names) => new Set(names).size === names.length, 'must name each strategy once')
      .meta({ allowed: 'a list of names, each once' }),
    [...agentNames],
    'Names of the agents and of your own strategies that vote; left out, the five agents on paper and in a shadow, and nobody live.',
  ),
  parameters: setting(
    z.record(z.string(), z.record(z.string(), value)),
    {},
    'Values of your own strategies’ parameters, by strategy; the rest have their defaults.',
  ),
  weights: setting(
    z.record(z.string(), z.strictObject({ trending: weight, ranging: weight, volatile: weight })),
    {},
    'Weights of your own strategies’ votes by kind of market, in place of those they declare.',
  ),
});
