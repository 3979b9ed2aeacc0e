import { createServer, type AddressInfo } from 'node:net';

/** A port free on loopback at this moment; `wanted` when given. @throws Error naming a port in use. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', () => {
      reject(
        new Error(`port ${wanted} is in use on 127.0.0.1; choose another or leave the option out`),
      );
    });
    server.listen(wanted, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
