// Whether a request may come in at all, before anybody looks at its token or body. A page in the user's browser can
// send requests to every port of this machine, and a name of its own can be made to lead here (DNS rebinding). So
// a server answers only to its own names, and a browser only for pages of the same server.

/** The names a server answers to. */
export interface Door {
  /** Lower-case names and addresses, IPv6 in brackets. */
  readonly names: ReadonlySet<string>;
  /** Listens on every address of the machine: any address, but no other name, is its own. */
  readonly everyAddress: boolean;
}

const loopback = ['127.0.0.1', 'localhost', '[::1]'];
const wildcards = new Set(['0.0.0.0', '::', '']);

/** Is the address one that only this machine reaches? */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/**
 * @param listensOn address the server listens on.
 * @param names under which a proxy or another machine asks for it.
 */
export function doorOf(listensOn: string, names: readonly string[] = []): Door {
  const everyAddress = wildcards.has(listensOn);
  const own = everyAddress ? [] : [listensOn.includes(':') ? `[${listensOn}]` : listensOn];
  const known = [...loopback, ...own, ...names].map((name) => name.toLowerCase());
  return { names: new Set(known), everyAddress };
}

/** What a request says of where it comes from and whom it asks for. */
export interface Arrival {
  readonly method: string | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, `-Mode` and `-Dest`, which browsers send and pages can not set. */
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
  readonly fetchDest: string | undefined;
}

/** A request as Node gives it, as far as the door looks at it. */
export interface IncomingHeaders {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Reads the headers. One that comes twice counts as none of ours. */
export function arrivalOf({ method, headers }: IncomingHeaders): Arrival {
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(' ') : value;
  };
  return {
    method,
    host: text('host'),
    origin: text('origin'),
    fetchSite: text('sec-fetch-site'),
    fetchMode: text('sec-fetch-mode'),
    fetchDest: text('sec-fetch-dest'),
  };
}

export interface DoorRefusal {
  /** 421 for another server's name, 403 for another site's page. */
  readonly status: 421 | 403;
  readonly sentence: string;
}

/** Why the request is turned away; undefined when it may come in. */
export function refusalAt(door: Door, arrival: Arrival): DoorRefusal | undefined {
  const host = arrival.host?.toLowerCase();
  if (host === undefined || !isOwnName(door, host)) {
    const named = JSON.stringify((host ?? '').slice(0, 80));
    return { status: 421, sentence: `Host is ${named}, which is not a name of this server.` };
  }
  if (isForeignPage(host, arrival)) {
    return { status: 403, sentence: 'Pages of other sites may not send requests to this server.' };
  }
  return undefined;
}

function isOwnName({ names, everyAddress }: Door, host: string): boolean {
  const [, name = '', address = ''] =
    /^(\[[0-9a-f:.]+\]|([\d.]+)|[^:@/\s]+)(?::\d{1,5})?$/.exec(host) ?? [];
  return names.has(name) || (everyAddress && (address !== '' || name.startsWith('[')));
}

function isForeignPage(host: string, arrival: Arrival): boolean {
  const { origin, fetchSite } = arrival;
  if (origin !== undefined) {
    const [, asked] = /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase()) ?? [];
    return asked !== host;
  }
  if (fetchSite !== 'cross-site' && fetchSite !== 'same-site') return false;
  return !isFollowedLink(arrival);
}

/** A link that somebody follows shows its answer to nobody but them. */
const isFollowedLink = ({ method, fetchMode, fetchDest }: Arrival): boolean =>
  method === 'GET' && fetchMode === 'navigate' && fetchDest === 'document';

/**
 * Is the declared type of a body one of these? Parameters such as a character set do not count. A body without a
 * type is not a browser's, which names one or its origin.
 */
export function isContentType(declared: string | undefined, allowed: readonly string[]): boolean {
  if (declared === undefined || declared === '') return true;
  const [type = ''] = declared.split(';', 1);
  return allowed.includes(type.trim().toLowerCase());
}
