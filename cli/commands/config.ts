// `ratchet config …`: is a configuration right, and what does it come to.
import { Command } from 'commander';
import { effectiveSettings, outlineOf } from '../../domain/settings';
import { readConfig } from '../../infra/config/config';
import { configSchema } from '../../infra/config/configSchema';
import { openVoters } from '../../infra/strategies/open';
import { columns, print } from '../text/output';
import { strategyWords } from '../text/strategyWords';

export const configCommand = new Command('config').description(
  'check a configuration and show what it comes to',
);

configCommand
  .command('check <file>')
  .description('say in one sentence what is wrong, or that nothing is')
  .action(async (file: string) => {
    await openVoters(readConfig(file).config);
    process.stdout.write(`${file} is a valid configuration\n`);
  });

configCommand
  .command('show')
  .description('every value in force, marked default or set')
  .option('--config <file>', 'configuration file (JSON); default none')
  .option('--json', 'print one JSON document')
  .action(async (flags: { readonly config?: string; readonly json?: true }) => {
    const { config, written } = readConfig(flags.config);
    const settings = effectiveSettings(outlineOf(configSchema), config, written);
    const { voters } = await openVoters(config);
    print(flags.json === true, settings, () => [
      ...columns(settings.map(({ key, value, source }) => [key, source, JSON.stringify(value)])),
      ...voters.strategies.map((strategy) => `your strategy ${strategyWords(strategy)}`),
    ]);
  });
