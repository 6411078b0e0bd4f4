/** Whatever is in the store reads as Go would have written it. Upstream: every object passes through a Go struct before it is stored. */
import { expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';
import { kinds } from '../../../src/api/registry.ts';
import { asGoWrites } from '../../../src/api/schema/go-json.ts';
import { apiVersionOf } from '../../../src/api/registry.ts';
import { pathOf } from '../../../src/api/paths.ts';
import type { KubeObject } from '../../../src/api/object.ts';

const DAEMONS = `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, annotations: {}}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      hostNetwork: false
      containers: [{name: agent, image: nginx, args: [], env: [{name: E, value: ""}], securityContext: {}}]
---
apiVersion: v1
kind: Pod
metadata: {name: gated}
spec:
  schedulingGates: [{name: example.com/later}]
  containers: [{name: c, image: nginx}]
`;

it('no null and no empty value too many, none too few, in the life of a cluster', () => {
  const cluster = openCluster({ topology: { workers: 2 } });
  for (const command of ['create deployment web --image=nginx --replicas=3', 'expose deployment web --port=80', 'run bad --image=nosuch:1', 'create configmap c --from-literal=a=', 'create namespace x', 'run once --image=busybox --restart=Never -- sh -c "exit 1"']) expect(cluster.kubectl(command)).toMatchObject({ stderr: '', exitCode: 0 });
  expect(cluster.kubectl('apply -f -', DAEMONS).exitCode).toBe(0);
  let seen = 0;
  const look = (): void => {
    for (const kind of kinds) {
      const { body } = cluster.request({ method: 'GET', path: pathOf({ group: kind.group, version: kind.version, plural: kind.plural }) });
      for (const object of (body as { readonly items: readonly KubeObject[] }).items) { seen++; expect(asGoWrites(kind.model, object), `${apiVersionOf(kind)} ${kind.kind} ${object.metadata?.name}`).toEqual(object); }
    }
  };
  for (const seconds of [0, 0.02, 0.05, 0.5, 2, 30]) { cluster.advance(seconds); look(); }
  cluster.kubectl('drain worker-1 --ignore-daemonsets --force');
  cluster.fault({ do: 'kill', what: 'worker-2' });
  for (const seconds of [60, 300]) { cluster.advance(seconds); look(); }
  expect(seen).toBeGreaterThan(1000);
  const gated = cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/pods/gated' }).body;
  // Upstream: pkg/registry/core/pod/strategy_test.go TestApplySchedulingGatedCondition.
  expect(gated).toMatchObject({ status: { conditions: [{ lastProbeTime: null, lastTransitionTime: expect.stringMatching(/^2026-/) as string, message: 'Scheduling is blocked due to non-empty scheduling gates', reason: 'SchedulingGated', status: 'False', type: 'PodScheduled' }] } });
});
