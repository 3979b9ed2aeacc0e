// `ratchet exchange` and `ratchet serve`: programs that run alone, with options of their own.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { compiled } from '../../infra/checkout';

function mounted(name: string, description: string, script: string): Command {
  return new Command(name)
    .description(description)
    .allowUnknownOption()
    .helpOption(false)
    .argument('[options...]')
    .action(async (options: string[]) => {
      const child = spawn(process.execPath, [join(compiled, script), ...options], {
        stdio: 'inherit',
      });
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.on(signal, () => child.kill(signal));
      process.exitCode = await new Promise<number>((resolve) =>
        child.on('exit', (code) => resolve(code ?? 1)),
      );
    });
}

export const exchangeCommand = mounted(
  'exchange',
  'the paper exchange alone, for any Kite client (--help for its options)',
  'exchange/main.js',
);
export const serveCommand = mounted(
  'serve',
  'the model server alone (--models DIR --port N)',
  'serving/main.js',
);
