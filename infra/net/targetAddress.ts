// Which addresses alerts may go to and news may be read from. A URL comes from outside, and our server stands
// inside a network. So the resolved address is checked, not the text, and the connection goes to exactly that
// address: a name that resolves differently the second time gains nothing. Source: OWASP SSRF; IANA special
// registries.
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Refused } from '../../domain/errors';

/** Not public by IANA's IPv4 registry, kept for relays and sinks that are no receiver, or a cloud's own. */
const specialRanges = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24',
  '192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24',
  '198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
  // Azure's own address in every machine of it.
  '168.63.129.16/32',
];
/** Of IPv6 only this is given out as public; within it, what IANA's registry sets apart. */
const publicRange = '2000::/3';
const specialRanges6 = ['2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20'];

function blockList(lines: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of lines.flatMap((line) => line.split(' '))) {
    const [network = '', bits = ''] = range.split('/');
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}

const special = blockList(specialRanges, 'ipv4');
const special6 = blockList(specialRanges6, 'ipv6');
const public6 = blockList([publicRange], 'ipv6');

/** Is it an address of the public network? An IPv4 address written as IPv6 is none. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, 'ipv4');
    case 6:
      return public6.check(address, 'ipv6') && !special6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** The addresses of a local network, and those among them by which clouds hand out credentials. */
const privateRanges = blockList(['10.0.0.0/8 172.16.0.0/12 192.168.0.0/16'], 'ipv4');
const privateRanges6 = blockList(['fc00::/7'], 'ipv6');
const metadata = blockList(['fd00:ec2::254/128 fd20:ce::254/128'], 'ipv6');

const isLocalAddress = (address: string): boolean =>
  isIP(address) === 6
    ? privateRanges6.check(address, 'ipv6') && !metadata.check(address, 'ipv6')
    : isIP(address) === 4 && privateRanges.check(address, 'ipv4');

/** Resolves a name to all its addresses. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** The system's resolver. */
export const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    dnsLookup(hostname, { all: true }, (error, addresses) => {
      if (error) reject(error);
      else resolve(addresses);
    });
  });

export interface TargetRules {
  /** Development only: a URL that itself names loopback is allowed, with http and any port. A name that leads there is not. */
  readonly loopbackDevelopment: boolean;
  /** Ports allowed besides 443 and 8443. */
  readonly allowedPorts: readonly number[];
  /** The endpoint is in the local network: its address must be private; http and any port are allowed. */
  readonly lan?: boolean;
  /** The name of the URL in a refusal; "webhook URL" by default. */
  readonly called?: string;
}

const standardPorts = [443, 8443];
const maxUrlLength = 2_048;

/**
 * Checks the form of an endpoint's URL: https, no credentials or fragment, an allowed port.
 * @throws Refused naming the rule. The path is not repeated, since receivers put secrets there.
 */
export function checkTargetUrl(text: string, rules: TargetRules): URL {
  if (text.length > maxUrlLength)
    throw forbidden(rules, `is longer than ${maxUrlLength} characters`);
  if (!URL.canParse(text)) throw forbidden(rules, 'is not a URL');
  const url = new URL(text);
  const local = isLoopbackNamed(url, rules);
  const plain = local || rules.lan === true;
  if (url.protocol !== 'https:' && !(plain && url.protocol === 'http:')) {
    throw forbidden(rules, `must use https, not ${url.protocol.replace(':', '')}`);
  }
  if (url.username !== '' || url.password !== '')
    throw forbidden(rules, 'must not carry credentials');
  if (url.hash !== '') throw forbidden(rules, 'must not have a fragment');
  const port = url.port === '' ? 443 : Number(url.port);
  if (!plain && ![...standardPorts, ...rules.allowedPorts].includes(port)) {
    throw forbidden(rules, `port ${port} is not allowed`);
  }
  const literal = literalAddress(url.hostname);
  if (literal !== undefined) checkAddress(literal, rules);
  return url;
}

/**
 * The address to connect to. Every address the resolver returns must be allowed, not only the first.
 * @throws Refused when any address is private, special or missing.
 */
export async function allowedAddress(
  url: URL,
  rules: TargetRules,
  resolve: Resolve,
): Promise<LookupAddress> {
  const literal = literalAddress(url.hostname);
  const addresses = literal === undefined ? await resolve(url.hostname) : [literal];
  const named = { ...rules, loopbackDevelopment: isLoopbackNamed(url, rules) };
  for (const address of addresses) checkAddress(address, named);
  const [first] = addresses;
  if (first === undefined) throw forbidden(rules, `host ${url.hostname} has no address`);
  return first;
}

/** A lookup that answers only the checked address, in whichever form Node asks for. */
export function pinned({ address, family }: LookupAddress): LookupFunction {
  return (_hostname, options, answer) => {
    if (options.all === true) answer(null, [{ address, family }]);
    else answer(null, address, family);
  };
}

function checkAddress({ address }: LookupAddress, rules: TargetRules): void {
  if (rules.loopbackDevelopment && isLoopbackHost(address)) return;
  if (rules.lan === true) {
    if (!isLocalAddress(address))
      throw forbidden(rules, `leads to ${address}, but with lan it must be a private address`);
    return;
  }
  if (!isPublicAddress(address))
    throw forbidden(rules, `leads to ${address}, an address that is not public`);
}

/** The address that a hostname spells out, which needs no resolver; IPv6 is in brackets. */
function literalAddress(hostname: string): LookupAddress | undefined {
  const address = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  return family === 0 ? undefined : { address, family };
}

const isLoopbackNamed = ({ hostname }: URL, { loopbackDevelopment }: TargetRules): boolean =>
  loopbackDevelopment && isLoopbackHost(hostname);

const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

const forbidden = ({ called = 'webhook URL' }: TargetRules, sentence: string): Refused =>
  new Refused({ code: 'WEBHOOK_TARGET_FORBIDDEN', message: `The ${called} ${sentence}.` });
