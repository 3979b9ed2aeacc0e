// What Kite says no with. The class carries everything the wire needs; the messages clients match on
// are Kite's own words. Source: docs/kite.md, Errors.

export type KiteErrorType =
  | 'TokenException'
  | 'PermissionException'
  | 'OrderException'
  | 'InputException'
  | 'MarginException'
  | 'HoldingException'
  | 'NetworkException'
  | 'DataException'
  | 'GeneralException';

/** A refusal as it goes over the wire. */
export class KiteError extends Error {
  readonly status: number;
  readonly errorType: KiteErrorType;

  constructor(status: number, errorType: KiteErrorType, message: string) {
    super(message);
    this.status = status;
    this.errorType = errorType;
    this.name = 'KiteError';
  }
}

/** A parameter is missing or wrong: 400 InputException. */
export const inputError = (message: string): KiteError =>
  new KiteError(400, 'InputException', message);

export const unknownInstrument = (): KiteError =>
  inputError('The instrument you are placing an order for has either expired or does not exist.');

/** The order as such is refused: 400 OrderException. */
export const orderError = (message: string): KiteError =>
  new KiteError(400, 'OrderException', message);

export const badToken = (): KiteError =>
  new KiteError(403, 'TokenException', 'Incorrect `api_key` or `access_token`.');

export const tooManyRequests = (): KiteError =>
  new KiteError(429, 'NetworkException', 'Too many requests');
