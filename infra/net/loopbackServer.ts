// A server for the person at this machine, ended with every connection.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoopbackServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** @param port 0 for any that is free. */
export async function serveOnLoopback(
  port: number,
  answer: RequestListener,
): Promise<LoopbackServer> {
  const server = createServer(answer);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
