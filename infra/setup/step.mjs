// One step of the test command: a node program, which is ended when it does not end by itself. So a test that
// hangs is a failure and never a build without end.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { checkout } from './places.mjs';
import { say } from './say.mjs';

/** Longest time of a whole step, and of its ending once its result is there, ms. */
const stepMs = 30 * 60_000;
const endingMs = 20_000;

/**
 * Runs `node args` with its output shown; true when it ended by itself and without error. It is ended by
 * SIGINT first, on which a system it has started stops in order.
 * @param result the file whose appearance shows that only the step's ending is left.
 */
export function runStep(title, args, result) {
  const options = { cwd: checkout, stdio: 'inherit', detached: true };
  const child = spawn(process.execPath, args, options);
  const started = Date.now();
  let finished;
  const watch = setInterval(() => {
    if (result !== undefined && existsSync(result)) finished ??= Date.now();
    const late = Date.now() > Math.min(started + stepMs, (finished ?? Infinity) + endingMs);
    if (!late) return;
    clearInterval(watch);
    say(`${title}: did not end by itself and is ended, which counts as a failure`);
    end(child);
  }, 500);
  // A process group of its own, so that all of it can be ended. Ctrl-C has to be passed on.
  const interrupted = () => {
    child.on('exit', () => process.exit(130));
    end(child);
  };
  process.once('SIGINT', interrupted);
  return new Promise((resolve) => {
    const settle = (passed) => {
      clearInterval(watch);
      process.off('SIGINT', interrupted);
      resolve(passed);
    };
    child.on('error', () => settle(false));
    child.on('exit', (code) => settle(code === 0));
  });
}

function end(child) {
  signal(child, 'SIGINT');
  setTimeout(() => signal(child, 'SIGKILL'), endingMs).unref();
}

function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // Already gone.
  }
}
