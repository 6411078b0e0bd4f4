/** From YAML to a running Pod: the flagship, true for any pasted workload. */
import { SAMPLE } from '../scenarios/sample.ts';
import type { V1Pod } from '../api/schema/kubernetes.ts';
import { objectsOf } from '../story/picture.ts';
import { fixedQuestion, type Lesson } from './lesson.ts';

const machines = (picture: Parameters<typeof objectsOf>[0]): readonly string[] => objectsOf(picture, 'minions').map((n) => n.metadata?.name ?? '').filter((n) => n !== 'cp-1').sort((a, b) => (a < b ? -1 : 1));
const isTie = (tie: unknown): boolean => Array.isArray(tie) && tie.length > 0;

export default {
  id: 'yaml-to-pod', title: 'From YAML to a running Pod', minutes: 7, manifest: SAMPLE,
  steps: [
    { tell: 'A Deployment of three and a Service are in the editor. We apply them and follow what happens, actor by actor.', act: () => ({ do: 'kubectl', args: ['apply', '-f', '-'], stdin: SAMPLE }) },
    { says: 'kubectl/started', tell: 'kubectl is a client like any other. It will ask whether the Deployment exists, get 404, and then POST it.' },
    { says: 'apiserver/admitted', where: (b) => b.fact.with?.kind === 'Deployment', tell: 'The apiserver knows who asks, checks that they may, fills in defaults, validates, and only then writes to etcd. Nothing else ever writes there.' },
    { says: 'deployment/new-replicaset', tell: 'The deployment controller watches Deployments. This one has no ReplicaSet with its template, so it wants one.' },
    { says: 'replicaset/too-few', tell: 'The ReplicaSet controller compares wanted and there. It starts slowly: one pod, and when that works, two.' },
    { says: 'scheduler/filtered', tell: 'The scheduler watches for pods without a machine. First it excludes.' },
    { says: 'scheduler/scored', tell: 'Then it scores what is left, plugin by plugin, and takes the highest total. Of those that score alike, the lot takes one.' },
    { says: 'scheduler/bound', tell: 'It cannot write nodeName. It POSTed a Binding, and the apiserver has written it.' },
    { says: 'scheduler/scored', tell: 'The same computation, with one pod more in the world: its machine scores lower now.' },
    { tell: 'The first pod is bound.', question: fixedQuestion('Who tells the machine?', ['the scheduler', 'the apiserver calls the kubelet', 'nobody: the kubelet watches'], 2, 'Every kubelet watches the apiserver for pods with its own name in nodeName.') },
    { says: 'kubelet/saw-pod', tell: 'So a kubelet sees a pod of its own, while the scheduler is still busy with the others.' },
    { says: 'containerd/netns-created', tell: 'It asks containerd for a sandbox. The first thing is an empty network namespace.' },
    { says: 'apiserver/admitted', where: (b) => b.fact.with?.kind === 'Service', tell: 'Meanwhile kubectl has POSTed the Service. The same checks; its cluster IP is allotted by the apiserver itself.' },
    {
      tell: 'Back to the scheduler: the third pod.', question: {
        ask: 'Which machine does it get?', options: (_b, _f, picture) => [...machines(picture), 'nobody can know'],
        answer: (beats, _f, picture) => { const names = machines(picture); const { tie, machine } = beats.filter((b) => b.fact.says === 'scheduler/scored')[2]?.fact.with ?? {}; return isTie(tie) ? names.length : names.indexOf(String(machine)); },
        because: 'Spreading counts: a machine that has a pod of this set scores lower. Only where the best score alike does the lot decide, and then nobody can know.',
      },
    },
    { says: 'scheduler/scored', tell: 'Look at the reason: what decided, and by how much.' },
    { tell: 'kubectl has its answers, and is about to print “created”.', question: fixedQuestion('How many containers has “created” started?', ['none', 'one', 'three'], 0, 'It is written down, nothing more. Everything else happens because others watch.') },
    { says: 'kubectl/exited', tell: 'Only now does kubectl print it, and end. Nobody has waited for it.' },
    { says: 'endpointslice/synced', tell: 'The endpointslice controller has made a slice for the Service. It is empty: no pod has an address yet.' },
    { says: 'cni/address-leased', tell: 'On the machine, the CNI plugin puts a cable into the namespace and leases an address of this machine’s block.' },
    { says: 'kube-proxy/synced', tell: 'Every kube-proxy has seen the Service and its empty slice: its kernel will refuse whoever calls.' },
    { says: 'containerd/pause-started', tell: 'The pause container starts in the namespace. It does nothing, and that is its job: it holds the network.' },
    { tell: 'The foundation stands.', question: fixedQuestion('The pod has an address. Is nginx running?', ['yes', 'no, it is not even downloaded'], 1, 'The sandbox comes before the image.') },
    { says: 'containerd/image-pulled', tell: 'The image was not here: the registry sends it.' },
    { says: 'kubelet/container-started', tell: 'nginx is created and started inside the network that pause holds. Running is not Ready.' },
    { tell: 'The containers run; no readiness probe has been answered yet.', question: fixedQuestion('What happens if we call the Service now?', ['nginx answers', 'it waits', 'it is refused'], 2, 'The slice lists the pods as not ready, and kube-proxy still rejects the cluster IP.') },
    { says: 'kubelet/probe-succeeded', tell: 'The probe gets 200. The kubelet reports that the pod is Ready.' },
    { says: 'endpointslice/synced', where: (b) => Number(b.fact.with?.ready ?? 0) > 0, tell: 'The endpointslice controller turns the endpoint ready.' },
    { says: 'kube-proxy/synced', tell: 'Every kube-proxy replaces REJECT by DNAT. Rules in the kernel, on each machine alike.' },
    { tell: 'Three pods on three machines.', question: { ask: 'How often was nginx downloaded?', options: () => ['once', 'three times', 'never'], answer: (_b, _f, picture) => (new Set(objectsOf<V1Pod>(picture, 'pods').filter((p) => p.metadata?.namespace === 'default').map((p) => p.spec?.nodeName)).size === 1 ? 0 : 1), because: 'Once for each machine that needs it.' } },
    { says: 'deployment/complete', tell: 'The ReplicaSet reads three of three ready, and the deployment controller writes as much into the Deployment: what is matches what was asked for.' },
    { says: 'kube-proxy/synced', tell: 'The last to follow is kube-proxy, which writes its rules at most once a second. From now on only heartbeats remain.' },
  ],
} satisfies Lesson;
