// The configuration of an account, from one JSON file and defaults. Everything is checked where it is
// read; a value that is wrong is one sentence and nothing starts. Secrets are never in it.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { calendarSchema, readCalendar } from './calendar';
import { sectorsSchema } from './sectors';
import { defaultDecisionConfig, decisionConfigSchema } from '../../domain/decision';
import { Refused } from '../../domain/errors';
import { defaultAggregateConfig } from '../../domain/sentiment/aggregate';
import { defaultRiskLimits, validateLimits, type RiskLimits } from '../../domain/risk';
import { defaultTrailing, standardPolicy } from '../../domain/trailing';
import { paise } from '../../domain/units';

const { capitalPool, ...numberLimits } = defaultRiskLimits;
const riskSchema = z
  .strictObject({
    ...Object.fromEntries(
      Object.entries<number>(numberLimits).map(([key, value]) => [key, z.number().default(value)]),
    ),
    capitalPool: z.enum(['shared', 'separate']).default(capitalPool),
  })
  .transform((limits) => limits as unknown as RiskLimits);

const trailingSchema = z.strictObject({
  profitLock: z.number().min(0).max(10).default(defaultTrailing.profitLock),
  follow: z.number().min(0.01).max(1).default(defaultTrailing.follow),
  minDistance: z.number().min(0.01).max(10).default(defaultTrailing.minDistance),
  minStep: z.number().min(0.01).max(10).default(defaultTrailing.minStep),
  targetShare: z.number().min(0).max(1).default(defaultTrailing.targetShare),
  minIntervalMs: z.number().int().min(0).max(3_600_000).default(defaultTrailing.minIntervalMs),
});

const configSchema = z.strictObject({
  /** Names the account in workflow ids and books; carries no secret. */
  account: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'must be lower-case letters, digits and dashes')
    .default('paper'),
  calendar: calendarSchema,
  sectors: sectorsSchema,
  /** Stocks to watch; left out, the screener chooses. */
  universe: z.array(z.string().min(1)).max(50).optional(),
  screener: z
    .strictObject({
      stocksMax: z.number().int().min(1).max(50).default(24),
      priceMin: z.number().positive().default(50),
      priceMax: z.number().positive().default(20_000),
      /** Rupees a session. */
      turnoverMin: z.number().min(0).default(100_000_000),
      spreadBpsMax: z.number().positive().default(30),
      bandDistanceBpsMin: z.number().min(0).max(2_000).default(200),
      /** Mean true range of a session, percent of the price. */
      atrPctMin: z.number().min(0).default(0.5),
      atrPctMax: z.number().positive().default(8),
      /** JSON with `asOf` and `stocks`: the exchange's ASM, GSM and T2T lists, a measure by symbol. */
      surveillanceFile: z.string().min(1).optional(),
    })
    .refine(({ priceMin, priceMax }) => priceMin <= priceMax, {
      path: ['priceMin'],
      message: 'must not exceed priceMax',
    })
    .refine(({ atrPctMin, atrPctMax }) => atrPctMin <= atrPctMax, {
      path: ['atrPctMin'],
      message: 'must not exceed atrPctMax',
    })
    .prefault({}),
  decision: decisionConfigSchema.default(defaultDecisionConfig),
  /** The model server; decision.model says what happens without an answer of it. */
  models: z
    .strictObject({ deadlineMs: z.number().int().min(50).max(30_000).default(2_000) })
    .prefault({}),
  risk: riskSchema.prefault({}),
  /** What longs are bought as: MIS ends with the session, CNC may be held over the night. */
  longProduct: z.enum(['MIS', 'CNC']).default('MIS'),
  trailing: trailingSchema.prefault({}),
  /** Receivers of alerts; their secrets come from RATCHET_WEBHOOK_SECRETS, in the same order. */
  webhooks: z
    .array(z.strictObject({ url: z.url() }))
    .max(8)
    .default([]),
  /** What of the news counts, and for how much. */
  sentiment: z
    .strictObject({
      windowHours: z.number().min(24).max(48).default(defaultAggregateConfig.windowHours),
      halfLifeHours: z.number().min(0.5).max(48).default(defaultAggregateConfig.halfLifeHours),
      clockSkewMinutes: z.number().min(0).max(60).default(defaultAggregateConfig.clockSkewMinutes),
      sourceWeights: z
        .record(z.string(), z.number().min(0).max(1))
        .default(defaultAggregateConfig.sourceWeights),
      otherSourceWeight: z.number().min(0).max(1).default(defaultAggregateConfig.otherSourceWeight),
      saturationWeight: z
        .number()
        .min(0.1)
        .max(20)
        .default(defaultAggregateConfig.saturationWeight),
    })
    .prefault({}),
  /** Sources of headlines, beside the paper exchange's own: RSS or Atom, announcements, posts, files. */
  feeds: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        kind: z.enum(['feed', 'announcements', 'posts', 'file']).default('feed'),
        url: z.string().min(1).max(2_048),
      }),
    )
    .max(30)
    .default([]),
});

export type RatchetConfig = z.infer<typeof configSchema>;

function refuse(file: string, why: string): never {
  throw new Refused({ code: 'CONFIG_INVALID', message: `config ${file}: ${why}` });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return refuse(
      file,
      error instanceof SyntaxError ? `is not valid JSON (${error.message})` : 'cannot be read',
    );
  }
}

/** The configuration. @param file left out, the defaults. @throws Refused CONFIG_INVALID in one sentence. */
export function loadConfig(file?: string): RatchetConfig {
  const parsed = configSchema.safeParse(file === undefined ? {} : readJson(file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse(
      file ?? '(defaults)',
      `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not valid'}`,
    );
  }
  validateLimits(parsed.data.risk);
  readCalendar(parsed.data.calendar);
  standardPolicy(parsed.data.trailing, paise(1000), paise(5));
  return parsed.data;
}
