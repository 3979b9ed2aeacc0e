// Builds the workflow bundle at build time. A worker with a ready bundle starts in a second, and recovery
// from a crash waits for that start.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { compiled } from '../infra/checkout';

export const bundlePath = join(compiled, 'workflow-bundle.js');

async function main(): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(compiled, 'workflows', 'index.js'),
    workflowInterceptorModules: ['committedTasks.js', 'ownMessages.js'].map((file) =>
      join(compiled, 'workflows', file),
    ),
    failureConverterPath: join(compiled, 'infra', 'temporal', 'failures.js'),
  });
  writeFileSync(bundlePath, code);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
