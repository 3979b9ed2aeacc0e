// How soon a faulty machine is noticed: the first seed whose session the checker rejects.
import { check } from './checker';
import type { Machine } from './machine';
import { playSession, type SessionResult } from './session';

export interface Catch {
  /** Sessions played until the first rejected one; null when none of them was. */
  readonly seeds: number | null;
  /** What it was rejected for. */
  readonly sentence: string;
}

/** A sentence per violation of a played session; empty when it is clean. */
export const sentencesIn = ({ record }: SessionResult): readonly string[] =>
  check(record).violations.map(({ invariant, tag, what }) => `${invariant} ${tag}: ${what}`);

/** Plays and judges; a machine that does not come to rest is a sentence, too. */
function sentencesOf(seed: number, machine: Machine): readonly string[] {
  try {
    return sentencesIn(playSession(seed, machine));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

export function hunt(machine: Machine, seedsMax: number): Catch {
  for (let seed = 1; seed <= seedsMax; seed += 1) {
    const [sentence] = sentencesOf(seed, machine);
    if (sentence !== undefined) return { seeds: seed, sentence };
  }
  return { seeds: null, sentence: 'not caught' };
}
