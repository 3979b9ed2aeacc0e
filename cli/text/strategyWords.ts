// A strategy of the user's in words: its name with the hash of its code, and its values.
import type { StrategyInUse } from '../../domain/strategy';

type Named = Pick<StrategyInUse, 'name' | 'hash'>;

export const atHash = ({ name, hash }: Named): string => `${name}@${hash}`;

/** `orb@0123456789abcdef (minutes 15, side "both")`. */
export function strategyWords({ values, ...named }: Named & Pick<StrategyInUse, 'values'>): string {
  const written = Object.entries(values).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return written.length === 0 ? atHash(named) : `${atHash(named)} (${written.join(', ')})`;
}
