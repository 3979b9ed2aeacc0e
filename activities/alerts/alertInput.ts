// An alert as it is recorded and delivered.

/** An event that people are alerted to. `id` is the same for every attempt and every channel. */
export interface AlertInput {
  readonly id: string;
  readonly account: string;
  readonly type: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly body: Readonly<Record<string, string | number | boolean>>;
  /** A person sends it again, to these channels or to all of them. */
  readonly again?: 'all' | readonly string[];
}
