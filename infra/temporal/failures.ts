// The words and stacks of failures are payloads too: they are encrypted with the rest.
import { DefaultFailureConverter } from '@temporalio/common';

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
