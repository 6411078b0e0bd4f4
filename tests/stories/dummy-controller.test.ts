/** Adding a controller that does nothing changes no name, no placement, no address and no line of a transcript. */
import { afterEach, expect, it, vi } from 'vitest';
import { SAMPLE } from '../../src/scenarios/sample.ts';

const REGISTRY = '../../src/cluster/controllers/registry.ts';
afterEach(() => {
  vi.doUnmock(REGISTRY);
  vi.resetModules();
});

/** What people see of the sample, in a fresh copy of the engine. */
async function outcome() {
  const { openCluster } = await import('../../src/engine/headless.ts');
  const { transcript } = await import('../../src/story/transcript.ts');
  const { controllers } = await import('../../src/cluster/controllers/registry.ts');
  const cluster = openCluster();
  const before = [...cluster.trace()].length;
  cluster.kubectl('apply -f -', SAMPLE);
  cluster.settle();
  const list = cluster.request({ method: 'GET', path: '/api/v1/pods' }).body as {
    readonly items: readonly { readonly metadata: { readonly uid: string } }[];
  };
  return {
    count: controllers.length,
    pods: cluster.kubectl('get pods,svc,endpointslices,rs -A -o wide').stdout,
    uids: list.items.map((p) => p.metadata.uid),
    transcript: transcript([...cluster.trace()].slice(before)),
  };
}

it('names, placements, addresses, uids and the transcript stay as they are', async () => {
  const plain = await outcome();
  vi.resetModules();
  const watched: string[] = [];
  vi.doMock(REGISTRY, async (original) => {
    const { controllers } = await original<typeof import('../../src/cluster/controllers/registry.ts')>();
    const dummy = {
      name: 'a-dummy',
      watches: ['pods', 'secrets', 'services'].map((resource) => ({
        resource,
        keys: ({ object }: { readonly object: { readonly metadata?: { readonly name?: string } } }) => [object.metadata?.name ?? ''],
      })),
      reconcile: (key: string) => {
        watched.push(key);
        return { writes: [], notes: [] };
      },
    };
    return { controllers: [dummy, ...controllers] };
  });
  const more = await outcome();
  expect(more.count).toBe(plain.count + 1);
  expect(watched.length, 'the dummy was at work').toBeGreaterThan(3);
  expect(more.pods).toBe(plain.pods);
  expect(more.uids).toEqual(plain.uids);
  expect(more.transcript).toBe(plain.transcript);
});
