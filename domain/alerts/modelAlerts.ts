// Alerts about models and their server.
import type { Alert } from './alert';

export const modelAlerts = {
  'model.promoted': {
    severity: 'info',
    when: 'A rollout’s candidate answers everything from now on.',
    body: ['model', 'stable', 'candidate', 'why'],
  },
  'model.rolled_back': {
    severity: 'warning',
    when: 'A rollout’s candidate was worse and is out.',
    body: ['model', 'stable', 'candidate', 'why'],
  },
  'model.rollout_paused': {
    severity: 'warning',
    when: 'A rollout waits for a person to approve or abort it.',
    body: ['model', 'stable', 'candidate', 'why'],
  },
  'model.version_out': {
    severity: 'warning',
    when: 'A version has left the rotation.',
    body: ['model', 'version', 'why'],
  },
  'model.version_refused': {
    severity: 'critical',
    when: 'A version could not be loaded: it is not signed by a trusted key, or not what it should be. What served before goes on.',
    body: ['model', 'version', 'why'],
  },
  'model.unavailable': {
    severity: 'critical',
    when: 'No version of a model is ready.',
    body: ['model', 'version', 'why'],
  },
  'model.failing': {
    severity: 'warning',
    when: 'More than one in a hundred requests to a version fail.',
    body: ['model', 'version', 'why'],
  },
  'model.drifted': {
    severity: 'warning',
    when: 'A version’s inputs or answers have moved from those it began with.',
    body: ['model', 'version', 'why'],
  },
  'model.server_unreachable': {
    severity: 'critical',
    when: 'The model server does not answer.',
    body: ['why'],
  },
} as const satisfies Record<string, Alert>;
