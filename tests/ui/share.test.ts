/** What an address asks for. */
import { describe, expect, it } from 'vitest';
import { topologyFromAddress } from '../../src/ui/app/share.ts';

describe('the size of a cluster in the address', () => {
  it.each([
    ['', {}],
    ['?at=worker-1', {}],
    ['?workers=100', { workers: 100 }],
    ['?at=worker-1&workers=0', { workers: 0 }],
    ['?workers=5000', { workers: 5000 }],
  ])('%s', (search, topology) => expect(topologyFromAddress(search)).toEqual(topology));

  it.each(['?workers=', '?workers=-1', '?workers=5001', '?workers=1e3', '?workers=<b>', '?workers=99999999999'])('%s is none', (search) =>
    expect(() => topologyFromAddress(search)).toThrow(/^\?workers= is a whole number from 0 to 5000, not "/),
  );
});
