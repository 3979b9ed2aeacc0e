// A line to a stand-in for the broker that keeps what was asked over it.
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export class CountedLine {
  /** `METHOD /path` of every request, in order. */
  readonly asked: string[] = [];
  readonly #server: Server;

  constructor(target: string) {
    this.#server = createServer((request, response) => {
      this.asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      const { method, headers } = request;
      const onward = forward(new URL(request.url ?? '/', target), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      request.pipe(onward);
    });
  }

  /** Everything that was not merely read; logins are no order. */
  get writes(): readonly string[] {
    return this.asked.filter((one) => !/^(GET|POST \/session\/token)/.test(one));
  }

  async open(): Promise<string> {
    await new Promise<void>((settle) => this.#server.listen(0, '127.0.0.1', settle));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
