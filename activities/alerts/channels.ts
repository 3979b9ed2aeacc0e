// The table of channels. Another kind of channel is one file, and one line here.
import { Secret } from '../../domain/secret';
import { Fatal } from '../../domain/errors';
import type { RatchetConfig } from '../../infra/config/config';
import type { SecretName } from '../../infra/environment/variables';
import type { AlertChannel } from './channel';
import { telegramBot } from './telegram/botApi';
import { telegramChannel } from './telegram/telegramChannel';
import { webhookChannel } from './webhookChannel';

export interface ChannelSetup {
  readonly config: Pick<RatchetConfig, 'webhooks' | 'telegram'>;
  readonly secret: (name: SecretName) => Secret | undefined;
  /** paper, shadow or live: stands in what people read. */
  readonly mode: string;
  /** Allows http and loopback receivers. For development and tests only. */
  readonly loopbackDevelopment: boolean;
}

const makers: readonly ((setup: ChannelSetup) => readonly AlertChannel[])[] = [webhooks, telegram];

/**
 * The configured channels, in the order of the table.
 * @throws Fatal or Refused for a missing secret or a forbidden address, naming the setting.
 */
export const alertChannels = (setup: ChannelSetup): readonly AlertChannel[] =>
  makers.flatMap((make) => make(setup));

function webhooks({
  config,
  secret,
  mode,
  loopbackDevelopment,
}: ChannelSetup): readonly AlertChannel[] {
  const written = (secret('RATCHET_WEBHOOK_SECRETS')?.reveal() ?? '').split(/\s+/).filter(Boolean);
  if (written.length !== config.webhooks.length) {
    throw new Fatal({
      code: 'WEBHOOK_SECRETS',
      message: `RATCHET_WEBHOOK_SECRETS must hold one secret for each of the ${config.webhooks.length} webhooks, or two with a comma between; it holds ${written.length}`,
    });
  }
  return config.webhooks.map(({ url, lan }, index) =>
    webhookChannel(
      { url, lan, secrets: rotated(written[index] ?? '', index + 1) },
      { mode, loopbackDevelopment },
    ),
  );
}

/** A receiver's secret; during a rotation the old one and the new one. @throws Fatal where there are more. */
function rotated(written: string, place: number): readonly Secret[] {
  const secrets = written.split(',');
  if (secrets.length <= 2 && new Set(secrets).size === secrets.length)
    return secrets.map((one) => new Secret(one));
  throw new Fatal({
    code: 'WEBHOOK_SECRETS',
    message: `webhook ${place} has ${secrets.length} secrets in RATCHET_WEBHOOK_SECRETS; it must have one, or two that differ`,
  });
}

function telegram({
  config,
  secret,
  mode,
  loopbackDevelopment,
}: ChannelSetup): readonly AlertChannel[] {
  const { telegram: settings } = config;
  if (settings === undefined) return [];
  const token = secret('RATCHET_TELEGRAM_TOKEN');
  if (token === undefined)
    throw new Fatal({
      code: 'SECRET_MISSING',
      message: 'set RATCHET_TELEGRAM_TOKEN or RATCHET_TELEGRAM_TOKEN_FILE, which telegram needs',
    });
  const { chatId, except, apiRoot } = settings;
  const bot = telegramBot({ token, apiRoot, loopbackDevelopment });
  return [telegramChannel({ ...bot, chatId, except, mode })];
}
