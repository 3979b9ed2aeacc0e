// Stamps every signal and update of a client (domain/messages/stamp.ts).
import { randomUUID } from 'node:crypto';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { stamp } from '../../domain/messages/stamp';

const stampedArgs = (name: string, args: readonly unknown[]): unknown[] => [
  ...args,
  stamp(name, randomUUID()),
];

export const stampedMessages: WorkflowClientInterceptor = {
  signal: (input, next) => next({ ...input, args: stampedArgs(input.signalName, input.args) }),
  startUpdate: (input, next) => next({ ...input, args: stampedArgs(input.updateName, input.args) }),
};
