// The command line's root: one file per command, one sentence per failure.
import { Command } from 'commander';
import { backtestCommand } from './backtest';
import { dayCommand } from './day';
import { exchangeCommand, serveCommand } from './mounted';
import { indicatorsCommand } from './indicators';
import { closeAllCommand, haltCommand, resumeCommand } from './killSwitch';
import { modelsCommand } from './models';
import { parityCommand } from './parity';
import { positionCommand, positionsCommand } from './positions';
import { portfolioCommand } from './portfolio';
import { reportCommand } from './report';
import { runCommand } from './run';
import { scheduleCommand } from './schedule';
import { screenCommand } from './screen';
import { sentimentCommand } from './sentiment';
import { upCommand } from './up';
import { whyCommand } from './why';

const program = new Command('ratchet')
  .description('Durable intraday trading on Temporal. Paper is the default; see README.md.')
  .showHelpAfterError('(add --help for what is allowed)')
  .addCommand(runCommand)
  .addCommand(upCommand)
  .addCommand(dayCommand)
  .addCommand(haltCommand)
  .addCommand(resumeCommand)
  .addCommand(closeAllCommand)
  .addCommand(positionsCommand)
  .addCommand(positionCommand)
  .addCommand(portfolioCommand)
  .addCommand(screenCommand)
  .addCommand(whyCommand)
  .addCommand(parityCommand)
  .addCommand(sentimentCommand)
  .addCommand(reportCommand)
  .addCommand(scheduleCommand)
  .addCommand(backtestCommand)
  .addCommand(indicatorsCommand)
  .addCommand(modelsCommand)
  .addCommand(exchangeCommand)
  .addCommand(serveCommand);

/** A workflow's refusal arrives wrapped in Temporal's errors: the reason is inside. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const wrapped = /^(Workflow|Activity|ChildWorkflow|Service)/.test(error.name);
  return wrapped && error.cause instanceof Error ? sentence(error.cause) : error.message;
}

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`ratchet: ${sentence(error)}\n`);
  process.exit(1);
});
