/** No example rots: each is valid, is applied to a real cluster, and becomes what it says. */
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/api/manifest/parse.ts';
import { openCluster } from '../../src/engine/headless.ts';
import { examples } from '../../src/scenarios/registry.ts';

describe('examples', () => {
  it('there are a dozen or more, the plainest first', () => {
    expect(examples.length).toBeGreaterThanOrEqual(12);
    expect(examples[0].id).toBe('web-and-service');
    expect(examples.every((e) => e.becomes.length > 0)).toBe(true);
  });
  it.each(examples.map((e) => [e.id, e] as const))('%s', (_, example) => {
    expect(parseManifest(example.manifest).diagnostics).toEqual([]);
    const cluster = openCluster();
    expect(cluster.kubectl('apply -f -', example.manifest)).toMatchObject({ exitCode: 0, stderr: '' });
    cluster.advance(90);
    for (const { after, shows } of example.becomes) expect(cluster.kubectl(after).stdout, after).toMatch(new RegExp(shows));
  });
});
