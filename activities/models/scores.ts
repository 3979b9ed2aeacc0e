// What is asked of the model server, and what it answers.

/** A batch's scores, one row each, and the version that gave them; null for an empty batch. */
export interface Scores {
  readonly rows: readonly (readonly number[])[];
  readonly version: string | null;
  /** Present where an A/B test waits to be told how the answer to this key turns out. */
  readonly outcomeWanted?: true;
}

export interface ModelClient {
  /**
   * @param routingKey the same key gets the same version while the rollout's share stays the same.
   * @throws Error when the server does not answer within the deadline, refuses, or answers from a shadow.
   */
  score(model: string, rows: readonly (readonly number[])[], routingKey?: string): Promise<Scores>;
}

/** The server's answer that another attempt with fewer rows can change. */
export class TooMuchAtOnce extends Error {
  override readonly name = 'TooMuchAtOnce';
}
