/**
 * Which Events components write, in whose name and about what.
 * Upstream (v1.36): client-go tools/leaderelection/resourcelock/leaselock.go RecordEvent, tools/events/event_recorder.go makeEvent and event_broadcaster.go recordToSink;
 * pkg/controller/util/node/controller_utils.go RecordNodeEvent; pkg/controller/tainteviction/taint_eviction.go; cmd/kube-proxy/app/server.go NodeRef, birthCry.
 */
import { describe, expect, it } from 'vitest';
import type { CoreV1Event } from '../../../src/api/schema/kubernetes.ts';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';

const eventsOf = (cluster: Cluster, selector: string): readonly CoreV1Event[] =>
  (
    cluster.request({ method: 'GET', path: `/api/v1/events?fieldSelector=${encodeURIComponent(selector)}` }).body as {
      readonly items: readonly CoreV1Event[];
    }
  ).items;
const uidOf = (cluster: Cluster, path: string): string | undefined =>
  (cluster.request({ method: 'GET', path }).body as CoreV1Event).metadata.uid;

describe('at power-on', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  it('the leaders say so, about their Leases', () => {
    const path = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
    for (const [name, component] of [
      ['kube-controller-manager', 'kube-controller-manager'],
      ['kube-scheduler', 'default-scheduler'],
    ]) {
      const lease = cluster.request({ method: 'GET', path: `${path}/${name}` }).body as {
        readonly spec: { readonly holderIdentity: string };
      };
      expect(eventsOf(cluster, `reason=LeaderElection,involvedObject.name=${name}`)).toMatchObject([
        {
          metadata: { namespace: 'kube-system' },
          type: 'Normal',
          message: `${lease.spec.holderIdentity} became leader`,
          source: { component },
          reportingComponent: component,
          reportingInstance: '',
          eventTime: null,
          count: 1,
          involvedObject: {
            apiVersion: 'coordination.k8s.io/v1',
            kind: 'Lease',
            name,
            namespace: 'kube-system',
            uid: uidOf(cluster, `${path}/${name}`),
          },
        },
      ]);
    }
  });
  it('a machine is registered: by its uid, at no version', () => {
    const [event] = eventsOf(cluster, 'reason=RegisteredNode,involvedObject.name=worker-1');
    expect(event).toMatchObject({
      metadata: { namespace: 'default' },
      type: 'Normal',
      message: 'Node worker-1 event: Registered Node worker-1 in Controller',
      source: { component: 'node-controller' },
    });
    expect(event.involvedObject).toEqual({
      apiVersion: 'v1',
      kind: 'Node',
      name: 'worker-1',
      uid: uidOf(cluster, '/api/v1/nodes/worker-1'),
    });
  });
  it('kube-proxy starts: by the name as uid, and with no words', () => {
    const [event, ...more] = eventsOf(cluster, 'reason=Starting,involvedObject.name=worker-1,reportingComponent=kube-proxy');
    expect(more).toEqual([]);
    const { metadata, eventTime, ...rest } = event;
    expect(metadata).toMatchObject({ namespace: 'default', name: expect.stringMatching(/^worker-1\.[0-9a-f]{16}$/) });
    expect(eventTime).toMatch(/^2026-05-04T09:00:\d\d\.\d{6}Z$/);
    expect(rest).toEqual({
      apiVersion: 'v1',
      kind: 'Event',
      involvedObject: { kind: 'Node', name: 'worker-1', uid: 'worker-1' },
      reason: 'Starting',
      type: 'Normal',
      action: 'StartKubeProxy',
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      reportingComponent: 'kube-proxy',
      reportingInstance: 'kube-proxy-worker-1',
    });
  });
});

/** Upstream: pkg/kubelet/kubelet_node_status.go recordNodeSchedulableEvent (v1.36). */
it('a machine that is cordoned says so, and once', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const said = (): readonly (string | undefined)[] =>
    eventsOf(cluster, 'involvedObject.name=worker-1,source=kubelet')
      .map((e) => e.reason)
      .filter((reason) => /Schedulable/.test(reason ?? ''));
  expect(said()).toEqual([]);
  cluster.kubectl('cordon worker-1');
  cluster.advance(30);
  expect(said()).toEqual(['NodeNotSchedulable']);
  cluster.kubectl('uncordon worker-1');
  cluster.advance(30);
  expect([...said()].sort()).toEqual(['NodeNotSchedulable', 'NodeSchedulable']);
  expect(eventsOf(cluster, 'reason=NodeSchedulable')).toMatchObject([
    {
      type: 'Normal',
      message: 'Node worker-1 status is now: NodeSchedulable',
      involvedObject: { kind: 'Node', name: 'worker-1', uid: 'worker-1' },
    },
  ]);
});

describe('a pod that fits nowhere', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('cordon worker-1');
  cluster.kubectl('run big --image=nginx');
  cluster.advance(20 * 60);
  const said = (): readonly CoreV1Event[] => eventsOf(cluster, 'reason=FailedScheduling,involvedObject.name=big');
  it('has one event for each version of it, and the second becomes a series', () => {
    const [first, second, ...more] = said();
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      type: 'Warning',
      action: 'Scheduling',
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      reportingComponent: 'default-scheduler',
      reportingInstance: 'default-scheduler-cp-1',
    });
    expect(first.series).toBeUndefined();
    expect(second.involvedObject.resourceVersion).not.toBe(first.involvedObject.resourceVersion);
    expect(second.series?.count, 'only its beginning is told at once').toBe(2);
    expect(cluster.kubectl('describe pod big').stdout).toMatch(
      /Warning +FailedScheduling +[\dms]+ \(x2 over [\dms]+\) +default-scheduler +0\/2 nodes/,
    );
    expect(cluster.kubectl('get events --field-selector reason=FailedScheduling').stdout).toMatch(
      /\n[\dms]+ +Warning +FailedScheduling +pod\/big +0\/2 nodes/,
    );
  });
  // Left-overs are tried again after five minutes, looked for each half minute: at 5:30, 11:00, 16:30 …; the series began with the second, at 11:00, and is looked at each six minutes.
  it('has its whole count when half an hour has gone by', () => {
    cluster.advance(25 * 60);
    expect(said()[1].series?.count).toBe(7);
  });
  it('and when the series is over', () => {
    cluster.kubectl('uncordon worker-1');
    cluster.advance(60);
    expect(eventsOf(cluster, 'reason=Scheduled,involvedObject.name=big')).toMatchObject([
      { type: 'Normal', action: 'Binding', message: 'Successfully assigned default/big to worker-1' },
    ]);
    cluster.advance(12 * 60);
    expect(said()[1].series?.count, 'one more at 44:00, and one between spec.unschedulable and the taint').toBe(9);
  });
});

describe('a machine that is silent', () => {
  const cluster = openCluster({ topology: { workers: 2 } });
  cluster.kubectl(['run', 'web', '--image=nginx', '--overrides', JSON.stringify({ spec: { nodeName: 'worker-1' } })]);
  cluster.kubectl(['run', 'doomed', '--image=nginx', '--overrides', JSON.stringify({ spec: { nodeName: 'worker-2' } })]);
  cluster.advance(10);
  cluster.fault({ do: 'kill', what: 'worker-1' });
  cluster.fault({ do: 'kill', what: 'worker-2' });
  cluster.advance(120);
  cluster.fault({ do: 'start', what: 'worker-1' });
  cluster.advance(300);
  const evictions = (name: string): readonly CoreV1Event[] => eventsOf(cluster, `reason=TaintManagerEviction,involvedObject.name=${name}`);
  it('evicts its pods, each named and no more', () => {
    expect(evictions('doomed')).toMatchObject([
      { type: 'Normal', message: 'Marking for deletion Pod default/doomed', source: { component: 'taint-eviction-controller' } },
    ]);
    expect(evictions('doomed')[0].involvedObject).toEqual({ apiVersion: 'v1', kind: 'Pod', name: 'doomed', namespace: 'default' });
  });
  it('and does not when it comes back in time', () => {
    expect(evictions('web')).toMatchObject([{ type: 'Normal', message: 'Cancelling deletion of Pod default/web' }]);
    expect(evictions('web')[0].involvedObject.uid).toBeUndefined();
  });
  it('is removed with an Event', () => {
    cluster.kubectl('delete node worker-2');
    cluster.advance(1);
    expect(eventsOf(cluster, 'reason=RemovingNode')).toMatchObject([
      { message: 'Node worker-2 event: Removing Node worker-2 from Controller', involvedObject: { kind: 'Node', name: 'worker-2' } },
    ]);
  });
});
