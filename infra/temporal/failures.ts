// The words and stacks of failures are payloads too: they are encrypted with the rest. It is an entry point that the
// SDK loads by its path.
import { DefaultFailureConverter } from '@temporalio/common';

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
