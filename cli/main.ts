// The root of the command line: one file per command, one sentence per failure.
import { Command } from 'commander';
import { alertsCommand } from './commands/alerts';
import { guardOutput } from '../infra/secrets';
import { auditCommand } from './commands/audit';
import { backtestCommand } from './commands/backtest';
import { calendarCommand } from './commands/calendar';
import { checkCommand } from './commands/check';
import { compareCommand } from './commands/compare';
import { configCommand } from './commands/config';
import { dayCommand } from './commands/day';
import { exportCommand } from './commands/export';
import { exchangeCommand, serveCommand } from './commands/mounted';
import { indicatorsCommand } from './commands/indicators';
import { codecCommand } from './commands/codec';
import { keysCommand } from './commands/keys';
import { closeAllCommand, haltCommand } from './commands/killSwitch';
import { resumeCommand } from './commands/resume';
import { liveCommand } from './commands/live';
import { loginCommand } from './commands/login';
import { logsCommand } from './commands/logs';
import { modelsCommand } from './commands/models';
import { newsCommand } from './commands/news';
import { parityCommand } from './commands/parity';
import { positionCommand, positionsCommand } from './commands/positions';
import { portfolioCommand } from './commands/portfolio';
import { reportCommand } from './commands/report';
import { runCommand } from './commands/run';
import { scheduleCommand } from './commands/schedule';
import { sbomCommand } from './commands/sbom';
import { screenCommand } from './commands/screen';
import { sentimentCommand } from './commands/sentiment';
import { serviceCommand } from './commands/service';
import { upCommand } from './commands/up';
import { whyCommand } from './commands/why';

// Files that others can read are made by nobody of ours (infra/privateFiles.ts).
process.umask(0o077);
guardOutput([process.stderr]);

const program = new Command('ratchet')
  .description('Durable intraday trading on Temporal. Paper is the default; see README.md.')
  .showHelpAfterError('(add --help for what is allowed)')
  .addCommand(runCommand)
  .addCommand(upCommand)
  .addCommand(serviceCommand)
  .addCommand(logsCommand)
  .addCommand(configCommand)
  .addCommand(loginCommand)
  .addCommand(checkCommand)
  .addCommand(liveCommand)
  .addCommand(dayCommand)
  .addCommand(haltCommand)
  .addCommand(keysCommand)
  .addCommand(codecCommand)
  .addCommand(resumeCommand('allow entries again, in two steps'))
  .addCommand(closeAllCommand)
  .addCommand(positionsCommand)
  .addCommand(positionCommand)
  .addCommand(portfolioCommand)
  .addCommand(alertsCommand)
  .addCommand(auditCommand)
  .addCommand(screenCommand)
  .addCommand(whyCommand)
  .addCommand(parityCommand)
  .addCommand(newsCommand)
  .addCommand(sentimentCommand)
  .addCommand(reportCommand)
  .addCommand(exportCommand)
  .addCommand(compareCommand)
  .addCommand(scheduleCommand)
  .addCommand(calendarCommand)
  .addCommand(backtestCommand)
  .addCommand(indicatorsCommand)
  .addCommand(modelsCommand)
  .addCommand(exchangeCommand)
  .addCommand(serveCommand)
  .addCommand(sbomCommand);

/** A workflow's refusal arrives wrapped in Temporal's errors; the innermost has the reason. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const wrapped = /^(Workflow|Activity|ChildWorkflow|Service)/.test(error.name);
  return wrapped && error.cause instanceof Error ? sentence(error.cause) : error.message;
}

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`ratchet: ${sentence(error)}\n`);
  process.exit(1);
});
