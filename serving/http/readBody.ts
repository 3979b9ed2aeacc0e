// Reads a request body whatever its content type (the reference client sends none), and inflates gzip and
// deflate. It never holds more than the limit, neither sent nor inflated. Large bodies are handed out one per
// turn of the event loop: reading 4 MiB of tensors takes some 8 ms, and a dozen may end at the same moment.
import type { IncomingMessage } from 'node:http';
import { createGunzip, createInflate } from 'node:zlib';
import type { Readable } from 'node:stream';
import { refused } from '../protocol/errors';

/** @throws Refused BODY_TOO_LARGE, ENCODING_UNSUPPORTED or REQUEST_MALFORMED. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return collect(decoded(request), maxBytes);
}

function decoded(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  // Names of codings have no case, and gzip has a second name (RFC 9110, 8.4.1).
  const coding = encoding.trim().toLowerCase();
  if (coding === '' || coding === 'identity') return request;
  if (coding === 'gzip' || coding === 'x-gzip') return request.pipe(createGunzip());
  if (coding === 'deflate') return request.pipe(createInflate());
  throw refused(
    'ENCODING_UNSUPPORTED',
    `Content-Encoding "${encoding.slice(0, 40)}" is not served; use gzip, deflate or none.`,
  );
}

function collect(source: Readable, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    source.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        source.pause();
        reject(tooLarge(maxBytes));
      } else chunks.push(chunk);
    });
    let ended = false;
    source.on('end', () => {
      ended = true;
      if (length <= largeBytes) resolve(joined(chunks));
      else void ownTurn().then(() => resolve(joined(chunks)));
    });
    source.on('error', () => reject(malformed('can not be decoded')));
    source.on('close', () => {
      if (!ended) reject(malformed('ended early'));
    });
  });
}

const joined = (chunks: readonly Buffer[]): Buffer =>
  chunks.length === 1 ? (chunks[0] ?? empty) : Buffer.concat(chunks);

const empty = Buffer.alloc(0);

const largeBytes = 64 * 1024;
let lastTurn = Promise.resolve();

/** Resolves in a turn of the event loop that no other large body uses. */
function ownTurn(): Promise<void> {
  lastTurn = lastTurn.then(() => new Promise((resolve) => setImmediate(resolve)));
  return lastTurn;
}

const malformed = (why: string): Error => refused('REQUEST_MALFORMED', `The body ${why}.`);

const tooLarge = (maxBytes: number): Error =>
  refused(
    'BODY_TOO_LARGE',
    `The body is larger than ${maxBytes} bytes; send tensors in binary form or in smaller batches.`,
  );
