// Does this machine send orders from the registered address? Behind a router its own end of the line says
// nothing about that: then only an order does, or somebody outside who tells which address he sees.
import type { ReadinessFacts, ReadinessNeeds } from './facts';
import { fails, holds, warns, type Verdict } from './verdict';

const ask = 'set addressEcho, or prove it with `ratchet check --probe-order`';

export function judgeAddress(
  { address, probe }: ReadinessFacts,
  { mode, staticAddress }: ReadinessNeeds,
): Verdict {
  if (probe?.kind === 'addressRefused') return fails(probe.brokerSaid);
  if (probe?.kind === 'proved') return holds('an order was taken from here just now');
  if (mode === 'paper') return holds('not needed on paper');
  if (staticAddress === null)
    return holds('no staticAddress to compare with; an order is the proof');
  if (!address.known) return warns(address.why, ask);
  const { address: ours, seenBy, isPublic, isStatic } = address.value;
  if (isStatic) return holds(ours);
  if (seenBy === 'echo' || isPublic)
    return fails(`orders leave from ${ours}, but staticAddress is ${staticAddress}`);
  return warns(`cannot be known: our end of the line is ${ours}, behind a router`, ask);
}
