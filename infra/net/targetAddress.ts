// Which addresses alerts may go to and news may be read from. A URL comes from outside, and our server stands
// inside a network. So the resolved address is checked, not the text, and the connection goes to exactly that
// address: a name that resolves differently the second time gains nothing. Source: OWASP SSRF; IANA special
// registries.
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Refused } from '../../domain/errors';

const blocked = new BlockList();
for (const range of [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24',
  '192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24',
  '224.0.0.0/4 240.0.0.0/4',
].flatMap((line) => line.split(' '))) {
  addSubnet(range, 'ipv4');
}
for (const range of [
  '::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/32 2001:db8::/32 2002::/16',
  'fc00::/7 fe80::/10 fec0::/10 ff00::/8',
].flatMap((line) => line.split(' '))) {
  addSubnet(range, 'ipv6');
}

function addSubnet(range: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', bits = ''] = range.split('/');
  blocked.addSubnet(network, Number(bits), family);
}

/** Is it an address of the public network? */
export const isPublicAddress = (address: string): boolean =>
  isIP(address) !== 0 && !blocked.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** The addresses of a local network, and those among them by which clouds hand out credentials. */
const privateRanges = new BlockList();
privateRanges.addSubnet('10.0.0.0', 8, 'ipv4');
privateRanges.addSubnet('172.16.0.0', 12, 'ipv4');
privateRanges.addSubnet('192.168.0.0', 16, 'ipv4');
privateRanges.addSubnet('fc00::', 7, 'ipv6');
const metadata = new BlockList();
metadata.addAddress('fd00:ec2::254', 'ipv6');
metadata.addAddress('fd20:ce::254', 'ipv6');

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
  /** Development only: http and loopback addresses are allowed, on any port. */
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
  const local = rules.loopbackDevelopment && isLoopbackHost(url.hostname);
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
  for (const address of addresses) checkAddress(address, rules);
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

function checkAddress({ address, family }: LookupAddress, rules: TargetRules): void {
  if (rules.loopbackDevelopment && isLoopbackHost(address)) return;
  const kind = family === 6 ? 'ipv6' : 'ipv4';
  if (rules.lan === true) {
    if (isIP(address) === 0 || !privateRanges.check(address, kind) || metadata.check(address, kind))
      throw forbidden(rules, `leads to ${address}, but with lan it must be a private address`);
    return;
  }
  if (isIP(address) === 0 || blocked.check(address, kind))
    throw forbidden(rules, `leads to ${address}, an address that is not public`);
}

/** The address that a hostname spells out, which needs no resolver; IPv6 is in brackets. */
function literalAddress(hostname: string): LookupAddress | undefined {
  const address = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  return family === 0 ? undefined : { address, family };
}

const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

const forbidden = ({ called = 'webhook URL' }: TargetRules, sentence: string): Refused =>
  new Refused({ code: 'WEBHOOK_TARGET_FORBIDDEN', message: `The ${called} ${sentence}.` });
