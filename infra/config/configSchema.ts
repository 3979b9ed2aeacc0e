// The whole configuration, section by section. Every key has a default or may be left out, at any depth.
import { z } from 'zod';
import { decisionConfigSchema } from '../../domain/decision';
import { riskLimitsSchema } from '../../domain/risk';
import { trailingSchema } from '../../domain/trailing';
import { calendarSchema } from './sections/calendar';
import { sectorsSchema } from './sections/sectors';
import {
  accountSchema,
  capitalMaxSchema,
  dayLossMaxSchema,
  longProductSchema,
  shownInTemporalSchema,
  universeSchema,
} from './sections/account';
import {
  addressEchoSchema,
  brokerUrlSchema,
  kiteUserSchema,
  loginCommandSchema,
  loginUrlSchema,
  modeSchema,
  staticAddressSchema,
  tickerUrlSchema,
} from './sections/mode';
import { modelsSchema } from './sections/models';
import { feedsSchema, sentimentSchema } from './sections/news';
import { screenerSchema } from './sections/screener';
import { strategiesSchema } from './sections/strategies';
import { telegramSchema } from './sections/telegram';
import { webhooksSchema } from './sections/webhooks';

export const configSchema = z.strictObject({
  account: accountSchema,
  mode: modeSchema,
  kiteUser: kiteUserSchema,
  brokerUrl: brokerUrlSchema,
  tickerUrl: tickerUrlSchema,
  loginUrl: loginUrlSchema,
  loginCommand: loginCommandSchema,
  capitalMax: capitalMaxSchema,
  dayLossMax: dayLossMaxSchema,
  staticAddress: staticAddressSchema,
  addressEcho: addressEchoSchema,
  calendar: calendarSchema,
  sectors: sectorsSchema,
  universe: universeSchema,
  screener: screenerSchema.prefault({}).describe('Which stocks the day watches.'),
  decision: decisionConfigSchema
    .prefault({})
    .describe('What makes a decision LONG, SHORT or SKIP.'),
  strategies: strategiesSchema.prefault({}).describe('Who votes on each stock and bar.'),
  models: modelsSchema.prefault({}).describe('The model server.'),
  risk: riskLimitsSchema.prefault({}).describe('The limits a day trades under.'),
  longProduct: longProductSchema,
  shownInTemporal: shownInTemporalSchema,
  trailing: trailingSchema.prefault({}).describe('How stop and target follow the price.'),
  webhooks: webhooksSchema,
  telegram: telegramSchema,
  sentiment: sentimentSchema.prefault({}).describe('What of the news counts, and for how much.'),
  feeds: feedsSchema,
});

export type RatchetConfig = z.infer<typeof configSchema>;
