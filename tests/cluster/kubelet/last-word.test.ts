/** Expected: pkg/kubelet/status/status_manager_test.go TestTerminatePod_DefaultUnknownStatus, TestTerminatePod_EnsurePodPhaseIsTerminal (v1.36). */
import { describe, expect, it } from 'vitest';
import type { V1ContainerStatus, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { lastWord } from '../../../src/cluster/kubelet/last-word.ts';
import { openCluster } from '../../../src/engine/headless.ts';

const named = (count: number, prefix: string): readonly { readonly name: string }[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${prefix}${i}` }));
const WAITS = { state: { waiting: {} } };
const ended = (exitCode: number): Pick<V1ContainerStatus, 'state'> => ({ state: { terminated: { exitCode } } });
const before = (exitCode: number): Pick<V1ContainerStatus, 'lastState'> => ({ lastState: { terminated: { exitCode } } });
const status = (parts: object, name: string): V1ContainerStatus => ({
  name,
  image: '',
  imageID: '',
  ready: false,
  restartCount: 0,
  ...parts,
});
const said = ({ state }: V1ContainerStatus): string | number =>
  state?.waiting
    ? 'waits'
    : state?.terminated?.reason === 'ContainerStatusUnknown'
      ? 'unknown'
      : (state?.terminated?.exitCode ?? 'nothing');
function last(inits: readonly object[], containers: readonly object[], phase = 'Pending'): string {
  const pod: V1Pod = { spec: { initContainers: named(inits.length, 'i'), containers: [...named(containers.length, 'c')] } };
  const word = lastWord(
    pod,
    {
      phase,
      initContainerStatuses: inits.map((s, i) => status(s, `i${i}`)),
      containerStatuses: containers.map((s, i) => status(s, `c${i}`)),
    },
    false,
  );
  return [...(word.initContainerStatuses ?? []).map(said), '|', ...(word.containerStatuses ?? []).map(said), word.phase].join(' ');
}

describe('the last word on a pod', () => {
  it.each<readonly [string, readonly object[], readonly object[], string]>([
    ['an end that was seen stays', [], [ended(2)], '| 2 Failed'],
    ['the end before it proves nothing', [], [{ ...WAITS, ...before(2) }], '| unknown Failed'],
    ['no state before', [], [WAITS], '| unknown Failed'],
    ['nothing began: the first init container is to blame', [WAITS], [WAITS], 'unknown | waits Failed'],
    ['the first alone', [WAITS, WAITS], [WAITS], 'unknown waits | waits Failed'],
    ['gaps', [WAITS, WAITS, ended(1), WAITS], [WAITS], 'unknown unknown 1 waits | waits Failed'],
    ['the last init container failed', [WAITS, WAITS, ended(1)], [WAITS], 'unknown unknown 1 | waits Failed'],
    ['the last init container succeeded', [WAITS, WAITS, ended(0)], [WAITS], 'unknown unknown 0 | unknown Failed'],
    ['it succeeded before', [WAITS, WAITS, { ...WAITS, ...before(0) }], [WAITS], 'unknown unknown unknown | unknown Failed'],
    ['a container runs', [WAITS], [{ state: { running: {} } }], 'unknown | unknown Failed'],
    ['a container ended', [WAITS], [ended(0)], 'unknown | 0 Failed'],
    ['a container ended before', [WAITS], [before(0)], 'unknown | unknown Failed'],
  ])('%s', (_, inits, containers, expected) => expect(last(inits, containers)).toBe(expected));
  it.each([
    ['Pending', 'Failed'],
    ['Running', 'Failed'],
    ['Succeeded', 'Succeeded'],
    ['Failed', 'Failed'],
    ['Unknown', 'Failed'],
  ])('%s becomes %s', (phase, over) => expect(last([], [ended(0)], phase)).toBe(`| 0 ${over}`));
});

describe('in a cluster', () => {
  it('a pod that goes before it began has failed; a sidecar that waits to be started again when the rest is done has no end that was seen', () => {
    const cluster = openCluster({ topology: { workers: 1 } });
    const shell = (name: string, command: string, more: object = {}): object => ({
      name,
      image: 'busybox:1.37',
      command: ['sh', '-c', command],
      ...more,
    });
    const apply = (name: string, spec: object): void =>
      void cluster.kubectl('apply -f -', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }));
    const phases: string[] = [];
    const watch = cluster.watch('/api/v1/namespaces/default/pods?watch=true&fieldSelector=metadata.name=early', ({ object }) => {
      const { status: s } = object as V1Pod;
      phases.push([s?.phase, s?.conditions?.find((c) => c.type === 'Ready')?.reason, ...(s?.containerStatuses ?? []).map(said)].join(' '));
    });
    apply('early', { containers: [{ name: 'c', image: 'nginx:nope' }] });
    apply('beside', {
      restartPolicy: 'Never',
      initContainers: [shell('s', 'exit 1', { restartPolicy: 'Always' })],
      containers: [shell('c', 'sleep 5')],
    });
    cluster.settle();
    cluster.advance(10);
    cluster.kubectl('delete pod early');
    watch.stop();
    expect(phases.at(-1)).toBe('Failed ContainersNotReady unknown');
    const { status: over } = cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/pods/beside' }).body as V1Pod;
    expect([over?.phase, ...[...(over?.initContainerStatuses ?? []), ...(over?.containerStatuses ?? [])].map(said)]).toEqual([
      'Succeeded',
      'unknown',
      0,
    ]);
  });
});
