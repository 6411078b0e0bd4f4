/** A LayeredMap says what a Map says, and so do its copies, whatever becomes of the one that they were copied from. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LayeredMap } from '../../src/lib/layered-map.ts';

type Act = readonly ['set', string, number] | readonly ['delete', string] | readonly ['copy'] | readonly ['over'];
const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const acts = fc.array(
  fc.oneof<fc.Arbitrary<Act>[]>(
    fc.tuple(fc.constant('set' as const), key, fc.nat(9)),
    fc.tuple(fc.constant('delete' as const), key),
    fc.tuple(fc.constant('copy' as const)),
    fc.tuple(fc.constant('over' as const)),
  ),
  { maxLength: 60 },
);

function act(layered: LayeredMap<number>, plain: Map<string, number>, [what, at = '', value = 0]: Act): LayeredMap<number> {
  switch (what) {
    case 'set':
      layered.set(at, value);
      plain.set(at, value);
      return layered;
    case 'delete':
      expect(layered.delete(at)).toBe(plain.delete(at));
      return layered;
    case 'copy':
      return layered.copy();
    case 'over':
      return LayeredMap.over(layered.whole());
  }
}

describe('LayeredMap', () => {
  it('says what a Map says, in its order', () =>
    fc.assert(
      fc.property(acts, (all) => {
        let layered = new LayeredMap<number>();
        const plain = new Map<string, number>();
        for (const one of all) {
          layered = act(layered, plain, one);
          expect([layered.entries(), layered.size, [...layered.whole()]]).toEqual([[...plain], plain.size, [...plain]]);
        }
      }),
    ));
  it('leaves what it was copied from, and what it lies over, as it was', () =>
    fc.assert(
      fc.property(acts, acts, (before, after) => {
        let first = new LayeredMap<number>();
        const plain = new Map<string, number>();
        for (const one of before) first = act(first, plain, one);
        const [whole, then] = [first.whole(), [...plain]];
        let second = first.copy();
        let third = LayeredMap.over(whole);
        for (const one of after) {
          second = act(second, new Map(second.entries()), one);
          third = act(third, new Map(third.entries()), one);
        }
        expect([first.entries(), [...whole]]).toEqual([then, then]);
      }),
    ));
});
