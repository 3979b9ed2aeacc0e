// Requests that were turned away for who sent them: each is told in one line without its token, and an address
// that keeps trying is asked to wait.
import type { IncomingMessage } from 'node:http';
import { takeTry, type Bucket, type BucketTerms } from '../../domain/web/failedLogins';

/** Addresses remembered; the one that has been quiet longest is forgotten first. */
const maxAddresses = 1_000;

export class Refusals {
  readonly #terms: BucketTerms;
  readonly #say: (line: string) => void;
  readonly #buckets = new Map<string, Bucket>();

  /** @param say takes a line of the log. */
  constructor(terms: BucketTerms, say: (line: string) => void) {
    this.#terms = terms;
    this.#say = say;
  }

  /**
   * Notes one. @returns false for an address that has used up its tries; then nothing is told, so that nobody
   * can fill the log.
   */
  note(request: IncomingMessage, status: number, code: string): boolean {
    const address = request.socket.remoteAddress ?? 'nowhere';
    const { bucket, allowed } = takeTry(this.#buckets.get(address), this.#terms, performance.now());
    this.#buckets.delete(address);
    this.#buckets.set(address, bucket);
    const [quietest = ''] = this.#buckets.keys();
    if (this.#buckets.size > maxAddresses) this.#buckets.delete(quietest);
    if (allowed) this.#say(`refused ${status} ${code}: ${callOf(request)} from ${address}`);
    return allowed;
  }
}

/** Without the query, which could hold anything. */
function callOf({ method = '', url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?', 1);
  return `${method} ${JSON.stringify(path.slice(0, 120))}`;
}
