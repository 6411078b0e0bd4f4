/**
 * Addressed randomness: a draw is a pure function of the seed and of what it is for, never of how many draws came before.
 * So adding an actor, a controller or a plugin changes nobody else's names, placements or delays.
 */
import { fnv1a32, mix } from '../lib/hash.ts';

export interface Rng {
  /** A number in [0, 1) with 32 bits. */
  unit(): number;
  /** An integer in [0, n). */
  below(n: number): number;
}

/** The generator for one purpose; the same seed and purpose give the same numbers anywhere. */
export function drawFor(seed: number, purpose: string): Rng {
  const base = mix(fnv1a32(purpose), seed);
  let uses = 0;
  const next = () => mix(base, uses++);
  return { unit: () => next() / 0x100000000, below: (n) => Math.floor((next() / 0x100000000) * n) };
}
