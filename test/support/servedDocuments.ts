// A local server of documents: each at a path of its own, with the header it is given.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServedDocument {
  readonly bytes: Buffer;
  readonly contentType?: string | undefined;
}

export class ServedDocuments {
  readonly #documents: ServedDocument[] = [];
  readonly #server: Server = createServer((request, reply) => {
    const served = this.#documents[Number((request.url ?? '').slice(1))];
    if (served === undefined) return reply.writeHead(404).end();
    if (served.contentType !== undefined) reply.setHeader('content-type', served.contentType);
    return reply.end(served.bytes);
  });

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** @returns its URL. */
  add(served: ServedDocument): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/${this.#documents.push(served) - 1}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
