// Stands in for api.telegram.org: takes messages, and hands out updates as long polling does. A question
// without news is held until there are some.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SentMessage {
  readonly chat_id: number;
  readonly text: string;
  readonly parse_mode?: string;
  readonly disable_notification?: boolean;
}

interface Asked {
  readonly offset: number;
}

export class TelegramServer {
  static readonly token = `123456:${'A'.repeat(35)}`;
  readonly sent: SentMessage[] = [];
  /** Offsets of the questions, in order. */
  readonly offsets: number[] = [];
  /** Rows handed out, each with its `update_id`. */
  readonly updates: Record<string, unknown>[] = [];
  /** What the next calls are answered with instead, in order. */
  readonly refusals: { readonly status: number; readonly body: unknown }[] = [];
  readonly #server: Server;
  #wake: (() => void)[] = [];
  #nextId = 100;

  constructor() {
    this.#server = createServer((request, response) => {
      void readAll(request).then((body) => this.#answer(request.url ?? '', body, response));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** A person writes. @returns the update's id. */
  write(chatId: number, text: string): number {
    return this.push({ message: { message_id: 1, chat: { id: chatId, type: 'private' }, text } });
  }

  push(row: Record<string, unknown>): number {
    this.updates.push({ update_id: this.#nextId, ...row });
    this.#changed();
    return this.#nextId++;
  }

  /** Resolves once the condition holds; it is looked at after every call. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const resolve of waiting) resolve();
  }

  async #answer(url: string, body: string, response: ServerResponse): Promise<void> {
    const refusal = this.refusals.shift();
    const known = url.startsWith(`/bot${TelegramServer.token}/`);
    if (refusal !== undefined || !known) {
      const said = { ok: false, error_code: 404, description: 'Not Found' };
      response.writeHead(refusal?.status ?? 404).end(JSON.stringify(refusal?.body ?? said));
      this.#changed();
      return;
    }
    const result = url.endsWith('/getUpdates')
      ? await this.#news(JSON.parse(body) as Asked, response)
      : this.sent.push(JSON.parse(body) as SentMessage);
    response.end(JSON.stringify({ ok: true, result }));
    this.#changed();
  }

  async #news({ offset }: Asked, response: ServerResponse): Promise<readonly unknown[]> {
    this.offsets.push(offset);
    this.#changed();
    const news = (): readonly unknown[] =>
      this.updates.filter(({ update_id }) => Number(update_id) >= offset);
    await this.until(() => news().length > 0 || response.closed);
    return news();
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
