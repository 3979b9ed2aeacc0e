// How a database is reached: on this machine as it is, anywhere else over TLS with the server's certificate and name
// verified, unless the address itself says `sslmode=disable`.
import { Fatal } from '../../domain/errors';
import { isLoopback } from '../../domain/web/door';

/** Modes that never go on without TLS, and `disable`, which says that plain is meant. */
const taken: readonly string[] = ['verify-full', 'verify-ca', 'require', 'no-verify', 'disable'];

/** An empty host, or one that is a path, is a socket. */
const isHere = (host: string): boolean =>
  host === '' || host.startsWith('/') || isLoopback(host.replace(/^\[|\]$/g, ''));

/** The parts of an address; without a host, which a URL with an account cannot leave out, that is empty. */
function partsOf(address: string): { host: string; asked: URLSearchParams } | undefined {
  const [text, none] = [address.replace('@/', '@none/'), address.includes('@/')];
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, searchParams } = new URL(text);
  if (!/^postgres(ql)?:$/.test(protocol)) return undefined;
  const host = searchParams.get('host') ?? (none ? '' : decodeURIComponent(hostname));
  return { host, asked: searchParams };
}

/**
 * The address with its way of TLS written into it. @param named the variable it is from, for messages: an address holds
 * a password and is never shown. @param elsewhere PGHOST, which is the host of an address without one.
 * @throws Fatal ENVIRONMENT when it cannot be read, or would let a password go over the network in plain.
 */
export function secureAddress(named: string, address: string, elsewhere = ''): string {
  const refuse = (sentence: string): never => {
    throw new Fatal({ code: 'ENVIRONMENT', message: `${named} ${sentence}` });
  };
  if (address.startsWith('/') || address.startsWith('socket:')) return address;
  const parts = partsOf(address);
  if (parts === undefined)
    return refuse('must be an address like postgres://account@host/database');
  const { asked } = parts;
  const host = parts.host === '' ? elsewhere : parts.host;
  if (isHere(host)) return address;
  const mode = asked.get('sslmode');
  const isOff = ['0', 'false'].includes(asked.get('ssl') ?? '');
  if (mode === null && !isOff) return `${address}${asked.size > 0 ? '&' : '?'}sslmode=verify-full`;
  if (mode !== null && taken.includes(mode)) return address;
  return refuse(
    `names a database on ${host} with ${mode === null ? 'ssl off' : `sslmode=${mode}`}; only sslmode=${taken.join(', ')} are allowed, and sslmode=disable alone goes without TLS`,
  );
}
