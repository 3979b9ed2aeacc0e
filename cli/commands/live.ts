// `ratchet live enable`: a person switches trading with real money on, once, by typing the broker's user id.
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { Refused } from '../../domain/errors';
import { epochMs, formatRupees, type Paise } from '../../domain/units';
import { loadConfig } from '../../infra/config/config';
import { liveTerms, writeConsent } from '../../infra/liveConsent';
import { columns, print } from '../text/output';

interface LiveFlags {
  readonly config?: string;
  readonly json?: true;
}

async function enable(flags: LiveFlags): Promise<void> {
  const config = loadConfig(flags.config);
  if (config.mode !== 'live')
    throw new Refused({
      code: 'LIVE_NOT_ENABLED',
      message: `mode must be "live" in the configuration (--config), was "${config.mode}"`,
    });
  const terms = liveTerms(config);
  const cap = (paise: Paise | null | undefined): string =>
    paise === null || paise === undefined ? 'none' : formatRupees(paise);
  const limits = columns([
    ['capitalMax', cap(terms.capitalMax)],
    ['dayLossMax', cap(terms.dayLossMax)],
    ...Object.entries(terms.risk).map(([key, value]) => [key, String(value)]),
  ]);
  process.stderr.write(`Orders of account ${terms.account} will be real, under these limits:\n`);
  for (const line of limits) process.stderr.write(`  ${line}\n`);
  const typed = await asked(`type the broker's user id to agree: `);
  if (typed !== terms.kiteUser)
    throw new Refused({
      code: 'LIVE_NOT_ENABLED',
      message: `"${typed}" is not kiteUser of the configuration; nothing has been enabled`,
    });
  const consent = { ...terms, by: userInfo().username, at: epochMs(Date.now()) };
  const file = writeConsent(consent);
  print(flags.json === true, { ...consent, file }, () => [
    `live trading of account ${terms.account} is enabled; raising a limit will ask again`,
  ]);
}

async function asked(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}

export const liveCommand = new Command('live').description('trading with real money');

liveCommand
  .command('enable')
  .description('switch it on for the configured account: by hand, once, and after a raised limit')
  .option('--config <file>', 'configuration file (JSON)')
  .option('--json', 'print one JSON document')
  .action(enable);
