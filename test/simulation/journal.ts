// The record a session leaves: what the exchange accepted and did, and which faults struck, in order. Beside
// the approvals and the closing statement it is all the checker sees. Nothing of the system under test is in
// it.

/** One line, stamped with the exchange's clock in epoch milliseconds. */
export interface RecordLine {
  readonly at: number;
  readonly kind: string;
  readonly [field: string]: string | number | boolean | null;
}

/** An entry the day allowed. */
export interface Approval {
  readonly tag: string;
  readonly tradingsymbol: string;
  readonly direction: 'LONG' | 'SHORT';
  /** CNC is held over the night by a trigger; MIS must be flat. */
  readonly product: 'MIS' | 'CNC';
  readonly quantity: number;
  readonly price: number;
  readonly tickSize: number;
  readonly bandLower: number;
  readonly bandUpper: number;
}

/** What the system says of a position at an instant, for comparison with the exchange. */
export interface Statement {
  readonly at: number;
  readonly tag: string;
  readonly closed: boolean;
  /** Handed on to the next session. */
  readonly carried: boolean;
  readonly held: number;
  readonly entryInDoubt: boolean;
  readonly leaving: boolean;
  readonly desiredStop: number | null;
  readonly grossPnl: number;
}

/** A whole session as the checker sees it. */
export interface SessionRecord {
  readonly seed: number;
  readonly lines: readonly RecordLine[];
  readonly approvals: readonly Approval[];
  /** Of every position, 120 s into the calm and at the end. */
  readonly statements: readonly Statement[];
  readonly closingCash: number;
  /** Writes the broker takes in a second. */
  readonly brokerPerSecond: number;
  /** When faults ended, when we must be flat, when the broker squares off, and the end. */
  readonly calmAt: number;
  readonly flatBy: number;
  readonly cutOffAt: number;
  /** When what is carried is handed on to the next session. */
  readonly handOverAt: number;
  readonly endAt: number;
}
