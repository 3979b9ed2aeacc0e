#!/usr/bin/env node
// The `ratchet` command: sets up what is missing, then runs the program. It stays the parent only to pass
// signals on and to return the exit code.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from './places.mjs';
import { say } from './say.mjs';
import { setUpOrExit } from './setup.mjs';

const main = join(checkout, 'lib', 'cli', 'main.js');

await setUpOrExit();

// What set-up fetched may be read by others; what the program makes may not.
process.umask(0o077);
const args = process.argv.slice(2);
if (args[0] === 'setup') {
  say('set up; nothing left to do');
  process.exit(0);
}
const child = spawn(process.execPath, ['--enable-source-maps', main, ...args], {
  stdio: 'inherit',
});
// A terminal sends Ctrl-C to both processes; the child decides when it is done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
