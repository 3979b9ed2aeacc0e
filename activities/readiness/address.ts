// The address that orders leave from: as a page outside sees it, or else our own end of the line to the broker.
import { BlockList, isIP } from 'node:net';
import type { BrokerReader } from '../../broker/port';
import type { AddressFact } from '../../domain/readiness';
import { isPublicAddress } from '../../infra/net/targetAddress';

export interface AddressSettings {
  readonly staticAddress?: string | undefined;
  readonly addressEcho?: string | undefined;
}

const echoMaxMs = 5_000;
const echoTextMax = 100;

/** @throws Error in one sentence when neither can be asked. */
export async function readAddress(
  broker: Pick<BrokerReader, 'localAddress'>,
  { staticAddress, addressEcho }: AddressSettings,
): Promise<AddressFact> {
  const address =
    addressEcho === undefined ? await broker.localAddress() : await echoed(addressEcho);
  return {
    address,
    seenBy: addressEcho === undefined ? 'socket' : 'echo',
    isPublic: isPublicAddress(address),
    isStatic: staticAddress !== undefined && isSame(address, staticAddress),
  };
}

async function echoed(url: string): Promise<string> {
  const { host } = new URL(url);
  const answer = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(echoMaxMs),
  }).catch(() => {
    throw new Error(`addressEcho at ${host} gave no answer`);
  });
  const text = (await answer.text()).trim();
  if (answer.ok && isIP(text) !== 0) return text;
  throw new Error(
    `addressEcho at ${host} answered ${answer.status} and no address: "${text.slice(0, echoTextMax)}"`,
  );
}

/** However the two are written. */
function isSame(one: string, other: string): boolean {
  const list = new BlockList();
  const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
  list.addAddress(other, family(other));
  return list.check(one, family(one));
}
