/** From YAML to a running Pod: the flagship, true for any pasted workload. */
import { SAMPLE } from '../scenarios/sample.ts';
import type { V1Pod } from '../api/schema/kubernetes.ts';
import { objectsOf } from '../story/picture.ts';
import { fixedQuestion, type Lesson } from './lesson.ts';

const machines = (picture: Parameters<typeof objectsOf>[0]): readonly string[] => objectsOf(picture, 'minions').map((n) => n.metadata?.name ?? '').filter((n) => n !== 'cp-1').sort((a, b) => (a < b ? -1 : 1));

export default {
  id: 'yaml-to-pod', title: 'From YAML to a running Pod', minutes: 7, manifest: SAMPLE,
  steps: [
    { tell: 'A Deployment of three and a Service are in the editor. We apply them and follow what happens, actor by actor.', act: () => ({ do: 'kubectl', args: ['apply', '-f', '-'], stdin: SAMPLE }) },
    { says: 'kubectl/started', tell: 'kubectl is a client like any other. It first asks whether the Deployment exists, gets 404, and then POSTs it.' },
    { says: 'apiserver/admitted', where: (b) => b.fact.with?.kind === 'Deployment', tell: 'The apiserver knows who asks, checks that they may, fills in defaults, validates, and only then writes to etcd. Nothing else ever writes there.' },
    { says: 'apiserver/admitted', where: (b) => b.fact.with?.kind === 'Service', tell: 'The same for the Service; its cluster IP is allotted by the apiserver itself.' },
    { tell: 'kubectl says “created”.', question: fixedQuestion('How many containers has “created” started?', ['none', 'one', 'three'], 0, 'It is written down, nothing more. Everything from here on happens because others watch.') },
    { says: 'deployment/new-replicaset', tell: 'The deployment controller watches Deployments. This one has no ReplicaSet with its template, so it wants one.' },
    { says: 'replicaset/too-few', tell: 'The ReplicaSet controller compares wanted and there. It starts slowly: one pod, and when that works, two.' },
    { says: 'endpointslice/synced', tell: 'The Service has an EndpointSlice already, and it is empty: no pod has an address yet.' },
    { says: 'scheduler/filtered', tell: 'The scheduler watches for pods without a machine. First it excludes.' },
    { says: 'scheduler/scored', tell: 'Then it scores what is left, plugin by plugin, and takes the highest total.' },
    { says: 'scheduler/bound', tell: 'It cannot write nodeName. It POSTs a Binding, and the apiserver writes it.' },
    {
      tell: 'Two more pods wait.', question: {
        ask: 'Which machine does the next pod get?', options: (_b, _f, picture) => machines(picture),
        answer: (beats, from, picture) => machines(picture).indexOf(String(beats.find((b) => b.from >= from - 1 && b.fact.says === 'scheduler/scored')?.fact.with?.machine ?? '')),
        because: 'Spreading counts: a machine that has a pod of this set scores lower now.',
      },
    },
    { says: 'scheduler/scored', tell: 'The same computation, with one pod more in the world.' },
    { tell: 'All are bound.', question: fixedQuestion('Who tells the machine?', ['the scheduler', 'the apiserver calls the kubelet', 'nobody: the kubelet watches'], 2, 'Every kubelet watches the apiserver for pods with its own name in nodeName.') },
    { says: 'kubelet/saw-pod', tell: 'A kubelet sees a pod of its own.' },
    { says: 'containerd/netns-created', tell: 'It asks containerd for a sandbox. The first thing is an empty network namespace.' },
    { says: 'cni/address-leased', tell: 'The CNI plugin puts a cable into it and leases an address of this machine’s block.' },
    { says: 'containerd/pause-started', tell: 'Then the pause container starts in it. It does nothing, and that is its job: it holds the network.' },
    { tell: 'The foundation stands.', question: fixedQuestion('The pod has an address. Is nginx running?', ['yes', 'no, it is not even downloaded'], 1, 'The sandbox comes before the image.') },
    { says: 'containerd/image-pulled', tell: 'The image was not here. It is pulled once for each machine.' },
    { says: 'kubelet/container-started', tell: 'nginx is created and started inside the network that pause holds. Running is not Ready.' },
    { tell: 'The pod runs; its readiness probe has not answered yet.', question: fixedQuestion('What happens if we call the Service now?', ['nginx answers', 'it waits', 'it is refused'], 2, 'The slice lists the pod as not ready, and kube-proxy still rejects the cluster IP.') },
    { says: 'kubelet/probe-succeeded', tell: 'The probe gets 200. Now the pod is Ready.' },
    { says: 'endpointslice/synced', where: (b) => Number(b.fact.with?.ready ?? 0) > 0, tell: 'The endpointslice controller turns the endpoint ready.' },
    { says: 'kube-proxy/synced', tell: 'Every kube-proxy replaces REJECT by DNAT. Rules in the kernel, on each machine alike.' },
    { tell: 'Three pods on three machines.', question: { ask: 'How often was nginx downloaded?', options: () => ['once', 'three times', 'never'], answer: (_b, _f, picture) => (new Set(objectsOf<V1Pod>(picture, 'pods').filter((p) => p.metadata?.namespace === 'default').map((p) => p.spec?.nodeName)).size === 1 ? 0 : 1), because: 'Once for each machine that needs it.' } },
    { says: 'deployment/complete', tell: 'ReplicaSet, then Deployment, read three of three. What is matches what was asked for; only heartbeats remain.' },
  ],
} satisfies Lesson;
