// JSON bodies of the admin API.
import { inputError } from '../engine/kiteError';
import { objectLookup, type Lookup } from '../rest/params';
import { jsonBody, type KiteRequest } from '../rest/request';

/** The JSON object of the body. @throws KiteError when it is none. */
export function bodyLookup(request: KiteRequest): Lookup {
  const body = jsonBody(request);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw inputError('The request body must be a JSON object.');
  }
  return objectLookup(body as Record<string, unknown>);
}
