// Builds the Temporal CLI where only Go's module proxy is reachable. The module must have the sum that
// temporal.json pins. It is then built by its own go.sum, which pins everything it needs, so no checksum
// database has to be reachable.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { home, onPath } from './places.mjs';
import { run, SetupError, step } from './say.mjs';

const unreachable =
  'Go could not get the Temporal CLI: check that the Go module proxy is reachable, or set TEMPORAL_CLI to a binary';

const environment = () => ({
  ...process.env,
  GONOSUMDB: '*',
  GOFLAGS: '-modcacherw -mod=readonly -buildvcs=false',
});

/** The folder of the module's source. @throws SetupError when it is not the module that is pinned. */
function fetchModule(go, { module, version, sum }, cwd) {
  const args = ['mod', 'download', '-json', `${module}@v${version}`];
  let answer;
  try {
    const options = { cwd, env: environment(), stdio: ['ignore', 'pipe', 'ignore'] };
    answer = JSON.parse(execFileSync(go, args, options).toString());
  } catch (error) {
    throw new SetupError(`${unreachable}\n${String(error.stdout ?? error.message).trim()}`);
  }
  if (answer.Sum === sum) return answer.Dir;
  throw new SetupError(
    `The Go module ${module} v${version} has sum ${answer.Sum}, expected ${sum}; it is not built. Set TEMPORAL_CLI to a binary you trust.`,
  );
}

/** Builds the CLI and puts it in its place. @throws SetupError without Go, or when it cannot be built. */
export async function buildTemporalCli(pinned, binary) {
  const go = onPath('go');
  if (go === undefined) {
    throw new SetupError(
      'The Temporal CLI was not found, could not be downloaded, and Go is not installed to build it: install the Temporal CLI (docs.temporal.io/cli) or set TEMPORAL_CLI to it.',
    );
  }
  const scratch = join(dirname(binary), 'building');
  mkdirSync(scratch, { recursive: true });
  mkdirSync(home, { recursive: true });
  const built = join(scratch, 'temporal');
  const stamp = `-X ${pinned.module}/temporalcli.Version=${pinned.version}`;
  const title = `building the Temporal CLI ${pinned.version} with Go (once, about 5 minutes of one core)`;
  await step(title, async () => {
    const source = fetchModule(go, pinned, scratch);
    await run(go, ['build', '-trimpath', '-ldflags', stamp, '-o', built, './cmd/temporal'], {
      cwd: source,
      env: environment(),
      log: join(home, 'temporal-build.log'),
      advice: unreachable,
    });
  });
  renameSync(built, binary);
  rmSync(scratch, { recursive: true });
}
