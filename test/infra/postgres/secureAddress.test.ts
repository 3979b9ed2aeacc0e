// Goal: a database on another machine is reached over TLS with its certificate verified, or not at all, unless its
// address says in so many words that plain is meant.
// Method: addresses of every kind; and the driver against a server that offers no TLS, which must get no password.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Client } from 'pg';
import { namedDatabase, namedDatabases } from '../../../infra/postgres/databases';
import { secureAddress } from '../../../infra/postgres/secureAddress';

const secured = (address: string): string => secureAddress('DATABASE_URL', address);

test.each([
  'postgres://me:word@127.0.0.1:5432/ratchet',
  'postgres://me:word@localhost/ratchet',
  'postgres://me:word@[::1]:5432/ratchet',
  'postgres://me:word@/ratchet',
  'postgres:///ratchet?host=/run/postgresql',
  'postgres://me:word@anything/ratchet?host=%2Frun%2Fpostgresql',
  '/run/postgresql ratchet',
  'socket:/run/postgresql/?db=ratchet',
])('%s is on this machine and stays as it is', (address) => {
  expect(secured(address)).toBe(address);
});

test.each([
  ['postgres://me:word@db.example:5432/ratchet', 'db.example'],
  ['postgresql://me:p%40ss@10.0.0.7/ratchet?application_name=x', '10.0.0.7'],
  ['postgres://me:word@db.example/ratchet?sslrootcert=/etc/ca.pem', 'db.example'],
  ['postgres://me:word@db.example/ratchet?ssl=true', 'db.example'],
  ['postgres://me:word@127.0.0.1/ratchet?host=db.example', '127.0.0.1'],
  ['postgres://me:word@127.0.0.1.example/ratchet', '127.0.0.1.example'],
])('%s is verified', (address, host) => {
  const url = new URL(secured(address));
  expect(url.searchParams.get('sslmode')).toBe('verify-full');
  const { password, hostname } = new URL(address);
  expect([url.password, url.hostname, hostname]).toEqual([password, host, host]);
  expect(secured(url.href)).toBe(url.href);
});

test.each(['disable', 'require', 'verify-ca', 'verify-full', 'no-verify'])(
  'sslmode=%s is the address’s own word',
  (mode) => {
    const address = `postgres://me:word@db.example/ratchet?sslmode=${mode}`;
    expect(secured(address)).toBe(address);
  },
);

test.each([
  ['postgres://me:word@db.example/ratchet?sslmode=prefer', 'sslmode=prefer'],
  ['postgres://me:word@db.example/ratchet?sslmode=allow', 'sslmode=allow'],
  ['postgres://me:word@db.example/ratchet?sslmode=', 'sslmode='],
  ['postgres://me:word@db.example/ratchet?ssl=false', 'ssl off'],
  ['postgres://me:word@db.example/ratchet?ssl=0', 'ssl off'],
])('%s may go without TLS and is refused', (address, what) => {
  expect(() => secured(address)).toThrow(
    `DATABASE_URL names a database on db.example with ${what}; only sslmode=verify-full, verify-ca, require, no-verify, disable are allowed, and sslmode=disable alone goes without TLS`,
  );
});

test.each(['me:secretword@db.example/ratchet', 'db.example/ratchet', 'https://db.example/', ''])(
  '%s is no address and is refused without being shown',
  (address) =>
    expect(() => secured(address)).toThrow(
      /^DATABASE_URL must be an address like postgres:\/\/account@host\/database$/,
    ),
);

test.each(['postgres:///ratchet', 'postgres://me:word@/ratchet'])(
  '%s goes where PGHOST says',
  (address) => {
    expect(secureAddress('DATABASE_URL', address, 'db.example')).toBe(
      `${address}?sslmode=verify-full`,
    );
    expect(secureAddress('DATABASE_URL', address, '/run/postgresql')).toBe(address);
  },
);

test('every role’s address of an environment goes through it', () => {
  const remote = 'postgres://me:word@db.example/ratchet';
  const verified = `${remote}?sslmode=verify-full`;
  expect(namedDatabases({ DATABASE_URL: remote })).toEqual({
    owner: verified,
    writer: verified,
    reader: verified,
    serving: verified,
  });
  expect(() =>
    namedDatabase('serving', { RATCHET_SERVING_DATABASE_URL: `${remote}?sslmode=prefer` }),
  ).toThrow(/^RATCHET_SERVING_DATABASE_URL names a database on db\.example/);
});

test('a server without TLS gets no password from an address that asks for it', async () => {
  const heard: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard.push(bytes);
      socket.write('N');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const there = new URL(secured('postgres://me:secretword@db.example/ratchet'));
  there.host = `127.0.0.1:${port}`;
  const client = new Client({ connectionString: there.href });
  await expect(client.connect()).rejects.toThrow('The server does not support SSL connections');
  // The request for TLS, and nothing else.
  expect(Buffer.concat(heard).toString('hex')).toBe('0000000804d2162f');
  await new Promise((resolve) => server.close(resolve));
});
