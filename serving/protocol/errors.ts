// Every refusal of the server with its HTTP status, in one table. The classes come from domain/errors.ts and
// tell the caller what to do next: correct a Refused, wait for a Retryable, call an operator for a Fatal.
import { Fatal, Refused, Retryable } from '../../domain/errors';

/** Code → HTTP status. The protocol's clients read only the status and the `error` sentence. */
const servingStatuses = {
  REQUEST_MALFORMED: 400,
  INPUT_INVALID: 400,
  VERSION_NOT_READY: 400,
  TOKEN_MISSING: 401,
  TOKEN_REFUSED: 403,
  ORIGIN_FOREIGN: 403,
  MODEL_UNKNOWN: 404,
  PATH_UNKNOWN: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  STATE_CONFLICT: 409,
  BODY_TOO_LARGE: 413,
  ENCODING_UNSUPPORTED: 415,
  CONTENT_TYPE_UNSUPPORTED: 415,
  HOST_FOREIGN: 421,
  MODEL_REFUSED: 422,
  RATE_LIMITED: 429,
  OUTPUT_INVALID: 502,
  SCORING_FAILED: 500,
  UNEXPECTED: 500,
  MODEL_UNAVAILABLE: 503,
  QUEUE_FULL: 503,
  SCORER_DIED: 503,
  DEADLINE_EXCEEDED: 504,
} as const;

export type ServingCode = keyof typeof servingStatuses;

/** A request or model that is wrong as it is. Sending it again changes nothing. */
export const refused = (code: ServingCode, message: string): Refused =>
  new Refused({ code, message });

/** Trouble that passes: a full queue, a scorer being replaced, a deadline. */
export const retryable = (code: ServingCode, message: string): Retryable =>
  new Retryable({ code, message });

/** The model or the server failed. The caller did nothing wrong. */
export const fatal = (code: ServingCode, message: string): Fatal => new Fatal({ code, message });

/** The answer to a failed call. */
export interface ErrorAnswer {
  readonly status: number;
  readonly code: ServingCode;
  /** One sentence, safe to send: no path, stack or library text that was not ours. */
  readonly message: string;
}

/** Codes of domain/rollout, translated to the server's codes. */
const domainCodes = new Map<string, ServingCode>([
  ['ROLLOUT_SAME_VERSION', 'STATE_CONFLICT'],
  ['ROLLOUT_STATE_CONFLICT', 'STATE_CONFLICT'],
  ['ROLLOUT_POLICY_INVALID', 'INPUT_INVALID'],
]);

const isServingCode = (code: string): code is ServingCode => Object.hasOwn(servingStatuses, code);

/** The HTTP answer to any thrown value. Unknown errors reveal nothing of the inside. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof Refused || error instanceof Retryable || error instanceof Fatal) {
    const code = isServingCode(error.code)
      ? error.code
      : (domainCodes.get(error.code) ?? 'UNEXPECTED');
    return { status: servingStatuses[code], code, message: error.message };
  }
  return { status: 500, code: 'UNEXPECTED', message: 'The server failed on this request.' };
}

/** The error's code, or UNEXPECTED for anything this server did not make. */
export const codeOf = (error: unknown): ServingCode => errorAnswer(error).code;
