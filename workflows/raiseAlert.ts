// Raising an alert starts a workflow of its own and goes on. The starts are collected, because a workflow
// must not end before its last start is recorded.
import {
  ParentClosePolicy,
  startChild,
  workflowInfo,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { AlertInput } from '../activities/ledger';
import { deliverAlert } from './deliverAlert';
import { officeQueue } from './messages';

export interface AlertOutbox {
  raise(type: string, key: string, body: AlertInput['body']): void;
  /** Resolves when every alert raised so far has been handed over. */
  flushed(): Promise<void>;
}

/** @param account the account the alerts are about. */
export function alertOutbox(account: string): AlertOutbox {
  let pending: Promise<unknown>[] = [];
  return {
    raise(type, key, body) {
      const id = `${workflowInfo().workflowId}.${type}.${key}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
      const alert: AlertInput = { id, account, type, timestamp: new Date().toISOString(), body };
      const started = startChild(deliverAlert, {
        workflowId: `alert-${id}`,
        taskQueue: officeQueue,
        args: [alert],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      }).catch(() => undefined);
      pending.push(started);
    },
    async flushed() {
      await Promise.all(pending);
      pending = [];
    },
  };
}
