// What set-up tells its reader: one line per step, on stderr so that stdout stays for facts.
import { createWriteStream } from 'node:fs';
import { spawn } from 'node:child_process';

/** A failure with one sentence that says what to do. */
export class SetupError extends Error {}

export const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a step, shows it with its duration; nothing is shown for steps that had nothing to do. */
export async function step(title, work) {
  const started = Date.now();
  const beat = process.stderr.isTTY ? setInterval(() => tick(title, started), 1000) : undefined;
  if (beat === undefined) say(`… ${title}`);
  let mark = '✗';
  try {
    const result = await work();
    if (result !== false) mark = '✓';
    return result;
  } finally {
    clearInterval(beat);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    say(`${process.stderr.isTTY ? '\r\x1b[K' : ''}${mark} ${title} (${seconds} s)`);
  }
}

const tick = (title, started) =>
  process.stderr.write(`\r\x1b[K… ${title} ${Math.round((Date.now() - started) / 1000)} s`);

/**
 * Runs a command to its end, its output in a log file.
 * @throws SetupError with `advice` and the log's last lines when it fails.
 */
export async function run(command, args, { log, advice, ...options }) {
  const out = createWriteStream(log);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      out.write(chunk);
      tail = (tail + chunk).slice(-1500);
    });
  }
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      tail += error.message;
      resolve(1);
    });
    child.on('close', resolve);
  });
  await new Promise((resolve) => out.end(resolve));
  if (code !== 0) throw new SetupError(`${advice} (log: ${log})\n${tail.trim()}`);
}
