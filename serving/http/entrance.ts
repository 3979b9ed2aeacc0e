// What every request passes before its route is known: the server's door, which knows no foreign name and no
// foreign page.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { arrivalOf, isContentType, refusalAt, type Door } from '../../domain/web/door';
import { refused } from '../protocol/errors';
import type { Refusals } from './refusals';
import { sendError } from './replies';

/** Answers a request that may not come in. @returns whether it may. */
export function admits(
  { door, refusals }: { readonly door: Door; readonly refusals: Pick<Refusals, 'note'> },
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const refusal = refusalAt(door, arrivalOf(request));
  if (refusal === undefined) return true;
  const { status, sentence } = refusal;
  const code = status === 421 ? 'HOST_FOREIGN' : 'ORIGIN_FOREIGN';
  refusals.note(request, status, code);
  sendError(request, response, refused(code, sentence));
  return false;
}

export const jsonType = ['application/json'];
export const fileType = ['application/octet-stream'];
/** Tensors follow the JSON where the request says how long that is. */
export const inferTypes = [...jsonType, ...fileType];

/** @throws Refused CONTENT_TYPE_UNSUPPORTED (415) */
export function checkContentType({ headers }: IncomingMessage, allowed: readonly string[]): void {
  const declared = headers['content-type'];
  if (isContentType(declared, allowed)) return;
  throw refused(
    'CONTENT_TYPE_UNSUPPORTED',
    `Content-Type "${(declared ?? '').slice(0, 60)}" is not served; use ${allowed.join(' or ')}, or none.`,
  );
}
