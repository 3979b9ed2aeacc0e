// What the catalogue says of an alert.
import type { FieldName } from './fields';

export interface Alert {
  /** critical: a person must act now; warning: a person should look; info: good to know. */
  readonly severity: 'info' | 'warning' | 'critical';
  readonly when: string;
  readonly body: readonly FieldName[];
  /** Fields that are not always there. */
  readonly maybe?: readonly FieldName[];
}
