// `ratchet exchange` and `ratchet serve`: programs that run alone, with options of their own.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { compiled } from '../../infra/checkout';
import { environmentOf } from '../../infra/environment/programEnvironment';
import type { ProgramName } from '../../infra/environment/variables';

interface Mounted {
  readonly name: string;
  readonly program: ProgramName;
  readonly script: string;
}

function mounted({ name, program, script }: Mounted, description: string): Command {
  return new Command(name)
    .description(description)
    .allowUnknownOption()
    .helpOption(false)
    .argument('[options...]')
    .action(async (options: string[]) => {
      const child = spawn(process.execPath, [join(compiled, script), ...options], {
        stdio: 'inherit',
        env: environmentOf(program, process.env),
      });
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.on(signal, () => child.kill(signal));
      process.exitCode = await new Promise<number>((resolve) =>
        child.on('exit', (code) => resolve(code ?? 1)),
      );
    });
}

export const exchangeCommand = mounted(
  { name: 'exchange', program: 'exchange', script: 'exchange/main.js' },
  'the paper exchange alone, for any Kite client (--help for its options)',
);
export const serveCommand = mounted(
  { name: 'serve', program: 'model server', script: 'serving/main.js' },
  'the model server alone (--models DIR --port N)',
);
