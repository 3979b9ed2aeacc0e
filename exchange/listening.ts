// Listening on a port of this machine, and the one sentence where that cannot be.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refused } from '../domain/errors';

/** @returns the port it listens on. @throws Refused EXCHANGE_PORT when it is taken or cannot be used. */
export function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.message})`;
      reject(new Refused({ code: 'EXCHANGE_PORT', message: `port ${port} on ${host} ${why}` }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Ends it with every connection. */
export async function stopListening(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
