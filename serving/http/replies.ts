// The two ways a reply leaves the server. Every reply carries the same security headers. An error has the
// protocol's shape, and closes the connection when the request's body was not read to its end.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorAnswer } from '../protocol/errors';

/** Sent with every reply. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/** JSON with its length, so that the connection can be used again. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
}

export function sendText(
  response: ServerResponse,
  status: number,
  contentType: string,
  text: string,
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    ...securityHeaders,
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Answers any thrown value with `{"error": sentence, "code": CODE}`. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): void {
  const { status, code, message } = errorAnswer(error);
  if (response.headersSent || response.destroyed) return;
  if (status === 503 || status === 429) response.setHeader('Retry-After', '1');
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  if (!request.complete) {
    response.setHeader('Connection', 'close');
    response.once('finish', () => request.destroy());
  }
  sendJson(response, status, { error: message, code });
}
