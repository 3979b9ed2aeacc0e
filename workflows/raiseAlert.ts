// Raising an alert starts a workflow of its own and goes on. The starts are collected, because a workflow
// must not end before its last start is recorded.
import {
  ParentClosePolicy,
  startChild,
  workflowInfo,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { AlertInput } from '../activities/alerts';
import type {
  AlertBody,
  AlertSubject,
  AlertType,
  OtherAlertType,
  PositionAlertType,
} from '../domain/alerts/catalogue';
import { deliverAlert } from './deliverAlert';
import { officeQueue } from './messages';

/** Takes the alerts of these types. */
export interface AlertOutbox<Types extends AlertType = OtherAlertType> {
  /** @param key names the occasion: the same alert raised again with it is the same alert. */
  readonly raise: <Type extends Types>(type: Type, key: string, body: AlertBody<Type>) => void;
  /** Resolves when every alert raised so far has been handed over. */
  flushed(): Promise<void>;
}

/** @param account the account the alerts are about. */
export const alertOutbox = (account: string): AlertOutbox => outbox(account, {});

/** Alerts about one position. @param subject stands in every body. */
export const positionOutbox = (
  account: string,
  subject: AlertSubject,
): AlertOutbox<PositionAlertType> => outbox(account, subject);

function outbox(account: string, subject: Partial<AlertSubject>): AlertOutbox<AlertType> {
  let pending: Promise<unknown>[] = [];
  return {
    raise(type, key, own) {
      const body = { ...subject, ...own };
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
