// `ratchet strategy …`: writes a new strategy of the user's, checks one, and lists all that may vote.
import { Command } from 'commander';
import { agentNames } from '../../domain/agents';
import { loadConfig } from '../../infra/config/config';
import { checkStrategy, placeAt, type CheckedStrategy } from '../../infra/strategies/check';
import { writeStrategy } from '../../infra/strategies/scaffold';
import { listedStrategies, type ListedStrategy } from '../listedStrategies';
import { generatedBars, recordedBars } from '../trialBars';
import { print } from '../text/output';
import { atHash } from '../text/strategyWords';

export const strategyCommand = new Command('strategy').description(
  'write, check and list strategies of your own',
);

strategyCommand
  .command('new <name>')
  .description('write a strategy that works, to be changed')
  .option('--folder <dir>', 'folder of your strategies', 'strategies')
  .action((name: string, { folder }: { readonly folder: string }) => {
    const files = writeStrategy(name, folder);
    process.stdout.write(`${files.join('\n')}\n`);
    process.stdout.write(`next: ratchet strategy check ${folder}/${name}\n`);
  });

interface CheckFlags {
  readonly replay?: string;
  readonly date?: string;
  readonly json?: true;
}

strategyCommand
  .command('check <dir>')
  .description('types, imports, sandbox, parameters and a trial; exit 1 where it cannot be used')
  .option('--replay <dir>', 'try it on a recorded day, too: a folder of one-minute candles')
  .option('--date <date>', 'the recorded day; default the latest whole one')
  .option('--json', 'print one JSON document')
  .action(async (directory: string, { replay, date, json }: CheckFlags) => {
    const place = placeAt(directory);
    const recorded = replay === undefined ? [] : [recordedBars(replay, date)];
    const checked = await checkStrategy(place, [generatedBars(), ...recorded]);
    print(json === true, checked, () => checkLines(checked));
    if (checked.faults.length > 0) process.exitCode = 1;
  });

function checkLines({ name, hash, trials, faults }: CheckedStrategy): readonly string[] {
  if (faults.length > 0) return faults;
  return [
    ...trials.map(
      ({ from, bars, asked, buy, sell }) =>
        `${from}: asked ${asked} times on ${bars} bars, ${buy} BUY, ${sell} SELL`,
    ),
    `${atHash({ name, hash: hash ?? '' })} can be used: name it in strategies.use`,
  ];
}

strategyCommand
  .command('list')
  .description('the shipped agents and your own strategies, with their parameters')
  .option('--config <file>', 'configuration file (JSON)')
  .option('--json', 'print one JSON document')
  .action(async ({ config, json }: { readonly config?: string; readonly json?: true }) => {
    const listed = await listedStrategies(loadConfig(config));
    print(json === true, listed, () => listed.flatMap(listLines));
  });

function listLines({
  name,
  hash,
  isUsed,
  sentence,
  source,
  fault,
  parameters,
}: ListedStrategy): readonly string[] {
  const known = hash === null ? name : atHash({ name, hash });
  const kind = agentNames.some((agent) => agent === name) ? 'shipped agent' : 'your own';
  return [
    `${known} · ${kind} · ${isUsed ? 'in use' : 'not in use'}`,
    ...(fault === null ? [] : [`  cannot be used: ${fault}`]),
    ...(sentence === null ? [] : [`  ${sentence}`]),
    ...(source === null ? [] : [`  source: ${source}`]),
    ...parameters.map(
      ({ name: parameter, value, allowed, meaning }) =>
        `  ${parameter} = ${JSON.stringify(value)}: ${allowed}. ${meaning}`,
    ),
  ];
}
