// The root of the command line: one file per command, one sentence per failure.
import { Command } from 'commander';
import { guardOutput } from '../infra/secrets';
import { commandsFor } from './commands/table';

// Files that others can read are made by nobody of ours (infra/privateFiles.ts).
process.umask(0o077);
guardOutput([process.stderr]);

/** A workflow's refusal arrives wrapped in Temporal's errors; the innermost has the reason. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const wrapped = /^(Workflow|Activity|ChildWorkflow|Service)/.test(error.name);
  return wrapped && error.cause instanceof Error ? sentence(error.cause) : error.message;
}

async function main(): Promise<void> {
  const program = new Command('ratchet')
    .description('Durable intraday trading on Temporal. Paper is the default; see README.md.')
    .showHelpAfterError('(add --help for what is allowed)');
  for (const command of commandsFor(process.argv[2])) program.addCommand(command);
  await program.parseAsync();
}

main().catch((error: unknown) => {
  process.stderr.write(`ratchet: ${sentence(error)}\n`);
  process.exit(1);
});
