// What every request passes before its route is known: only the exchange's own names, no page of another site, and
// no body of another type than a client sends.
import type { IncomingMessage } from 'node:http';
import { arrivalOf, isContentType, refusalAt, type Door } from '../../domain/web/door';
import { KiteError } from '../engine/kiteError';

const ownType = ['application/json'];
/** The official clients send forms, and JSON where a call takes a list. */
const kiteTypes = [...ownType, 'application/x-www-form-urlencoded'];

/** @throws KiteError 421, 403 or 415. */
export function requireEntrance(door: Door, request: IncomingMessage): void {
  const refusal = refusalAt(door, arrivalOf(request));
  if (refusal !== undefined) {
    throw new KiteError(refusal.status, 'PermissionException', refusal.sentence);
  }
  const allowed = request.url?.startsWith('/paper/') === true ? ownType : kiteTypes;
  if (isContentType(request.headers['content-type'], allowed)) return;
  throw new KiteError(
    415,
    'InputException',
    `A body must be ${allowed.join(' or ')}, was ${JSON.stringify((request.headers['content-type'] ?? '').slice(0, 60))}.`,
  );
}
