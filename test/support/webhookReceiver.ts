// A receiver of alerts that checks each signature with the reference library and can be out for a while.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface ReceivedAlert {
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

export class WebhookReceiver {
  readonly received: ReceivedAlert[] = [];
  readonly refused: string[] = [];
  out = false;
  /** Attempts that met the outage. */
  missed = 0;
  readonly #server: Server;
  readonly #webhook: Webhook;

  constructor(secret: string) {
    this.#webhook = new Webhook(secret);
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.statusCode = this.#take(
          request.headers as Record<string, string>,
          Buffer.concat(chunks).toString(),
        );
        response.end();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/alerts`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #take(headers: Record<string, string>, body: string): number {
    if (this.out) {
      this.missed += 1;
      return 503;
    }
    try {
      this.#webhook.verify(body, headers);
    } catch {
      this.refused.push(body);
      return 401;
    }
    const { type } = JSON.parse(body) as { type: string };
    this.received.push({ id: headers['webhook-id'] ?? '', type, body });
    return 204;
  }
}
