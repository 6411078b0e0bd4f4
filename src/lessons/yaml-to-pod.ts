/** From YAML to a running Pod: the flagship, true for any pasted workload. */
import { SAMPLE } from '../scenarios/sample.ts';
import type { V1Pod } from '../api/schema/kubernetes.ts';
import { objectsOf } from '../story/picture.ts';
import { fixedQuestion, type Lesson } from './lesson.ts';

const machines = (picture: Parameters<typeof objectsOf>[0]): readonly string[] =>
  objectsOf(picture, 'minions')
    .map((n) => n.metadata?.name ?? '')
    .filter((n) => n !== 'cp-1')
    .sort((a, b) => (a < b ? -1 : 1));
const isTie = (tie: unknown): boolean => Array.isArray(tie) && tie.length > 0;

export default {
  id: 'yaml-to-pod',
  title: 'From YAML to a running Pod',
  about: 'Who does what between kubectl apply and a pod that answers, and why nobody gives orders.',
  minutes: 7,
  manifest: SAMPLE,
  steps: [
    {
      tell: 'A Deployment of three and a Service are in the editor. We apply them and follow what happens, actor by actor.',
      act: () => ({ do: 'kubectl', args: ['apply', '-f', '-'], stdin: SAMPLE }),
    },
    {
      says: 'kubectl/started',
      tell: 'kubectl does not begin with a POST: it asks for the Deployment, gets 404, and only then creates it. Had it found one, it would send a patch.',
    },
    {
      says: 'apiserver/admitted',
      where: (b) => b.fact.with?.kind === 'Deployment',
      tell: 'Only the apiserver reads and writes etcd. Whoever else wants to know or to change something comes here, and meets the same checks as you.',
    },
    {
      says: 'deployment/new-replicaset',
      tell: 'Nobody gave the deployment controller an order. It compares what is asked for with what there is, and takes the one step that is missing: that is what a controller does.',
    },
    {
      says: 'replicaset/too-few',
      tell: 'A controller makes objects, not containers: watch the pods appear in the tray. It begins with one, in case the template cannot work: then one pod fails, not a thousand.',
    },
    {
      says: 'scheduler/filtered',
      tell: 'The scheduler filters first: a machine that fails one filter is out, whatever its merits. Here it is the control plane: its taint, a mark, keeps your pods away.',
    },
    {
      says: 'scheduler/scored',
      tell: 'The machines that are left get points from each plugin, by the plugin’s weight. On a fresh cluster the workers are alike. A double click on the scheduler shows the whole table.',
    },
    {
      says: 'scheduler/scored',
      tell: 'The same for the next pod, before the first is written down. There is one pod more in the world now: the machine that has it gets fewer points.',
    },
    {
      says: 'scheduler/bound',
      tell: 'The first decision is one field of one object now. With this the scheduler is done with the pod, and it has never spoken to the machine.',
    },
    {
      tell: 'The first pod is bound.',
      question: fixedQuestion(
        'Who tells the machine?',
        ['the scheduler', 'the apiserver calls the kubelet', 'nobody: the kubelet watches'],
        2,
        'Every kubelet watches the apiserver for pods with its own name in nodeName.',
      ),
    },
    {
      says: 'kubelet/saw-pod',
      tell: 'From here on the work goes on side by side: the first machine begins, while the scheduler is still busy with the other pods.',
    },
    {
      says: 'containerd/netns-created',
      tell: 'The kubelet itself starts nothing. It asks containerd, the container runtime, over an interface called CRI; and containerd asks the machine’s kernel.',
    },
    {
      says: 'apiserver/admitted',
      where: (b) => b.fact.with?.kind === 'Service',
      tell: 'Meanwhile kubectl has sent its next document, the Service. The apiserver itself takes the cluster IP from a range, and gives it to no machine.',
    },
    {
      tell: 'Back to the scheduler: the third pod.',
      question: {
        ask: 'Which machine does it get?',
        options: (_b, _f, picture) => [...machines(picture), 'nobody can know'],
        answer: (beats, _f, picture) => {
          const names = machines(picture);
          const { tie, machine } = beats.filter((b) => b.fact.says === 'scheduler/scored')[2]?.fact.with ?? {};
          return isTie(tie) ? names.length : names.indexOf(String(machine));
        },
        because: 'A machine that has a pod of this set scores lower. Only among equals does the lot decide.',
      },
    },
    { says: 'scheduler/scored', tell: 'Look at the reason below: what decided, and by how much.' },
    {
      tell: 'kubectl has its answers, and is about to print “created”.',
      question: fixedQuestion(
        'How many containers has “created” started?',
        ['none', 'one', 'three'],
        0,
        'It is written down, nothing more. Everything else happens because others watch.',
      ),
    },
    {
      says: 'kubectl/exited',
      tell: 'Only now is your command over. Nobody has waited for it, and it waits for nobody: who wants to know when the pods run has to ask again.',
    },
    {
      says: 'endpointslice/synced',
      tell: 'The endpointslice controller follows the same pattern: it joins a Service to the addresses of its pods. It writes the list even while there is nothing to list.',
    },
    {
      says: 'cni/address-leased',
      tell: 'The cable is a veth pair: one end in the pod, the other at the machine’s bridge. Addresses are given out here, and not by the control plane.',
    },
    {
      says: 'kube-proxy/synced',
      tell: 'The Service is known on every machine before any pod can answer for it. An error at once is better than silence.',
    },
    {
      says: 'containerd/pause-started',
      tell: 'Look at the bar with the address: containers will come and go above it, and the address stays with the bar.',
    },
    {
      tell: 'Now, before anything else happens:',
      question: fixedQuestion(
        'The pod has an address. Is nginx running?',
        ['yes', 'no, it is not even downloaded'],
        1,
        'The sandbox comes before the image.',
      ),
    },
    {
      says: 'containerd/image-pulled',
      tell: 'The download takes nearly all of the time between apply and Ready. Each machine has a store of images of its own; there is none for the cluster.',
    },
    {
      says: 'kubelet/container-started',
      tell: 'CreateContainer and StartContainer were the last orders to the runtime. From now on the kubelet only looks: at once, then every second. It reports what it has seen.',
    },
    {
      says: 'endpointslice/synced',
      where: (b) => Number(b.fact.with?.total ?? 0) > 0,
      tell: 'Only now are the addresses in the API: the kubelets have reported them along with the running containers. Until then the status said ContainerCreating.',
    },
    {
      tell: 'The containers run; no readiness probe has been answered yet.',
      question: fixedQuestion(
        'What happens if we call the Service now?',
        ['nginx answers', 'it waits', 'it is refused'],
        2,
        'The slice lists the pods as not ready, and kube-proxy still rejects the cluster IP.',
      ),
    },
    {
      says: 'kubelet/probe-succeeded',
      tell: 'Only the program itself knows whether it can serve: that is why it is asked, by an HTTP GET from its own machine.',
    },
    {
      says: 'endpointslice/synced',
      where: (b) => Number(b.fact.with?.ready ?? 0) > 0,
      tell: 'One condition of each pod has changed: Ready. It is the switch between a pod that runs and a pod that gets traffic.',
    },
    {
      tell: 'Three pods on three machines.',
      question: {
        ask: 'How often was nginx downloaded?',
        options: () => ['once', 'three times', 'never'],
        answer: (_b, _f, picture) =>
          new Set(
            objectsOf<V1Pod>(picture, 'pods')
              .filter((p) => p.metadata?.namespace === 'default')
              .map((p) => p.spec?.nodeName),
          ).size === 1
            ? 0
            : 1,
        because: 'Once for each machine that needs it.',
      },
    },
    {
      says: 'deployment/complete',
      tell: 'The way back up: kubelets report, the ReplicaSet counts its pods, the Deployment its ReplicaSet. Status takes the road of the wish in the other direction.',
    },
    {
      says: 'kube-proxy/synced',
      tell: 'kube-proxy is the last to follow, as it gathers changes for a second. From now on a call to the Service is answered, and only heartbeats remain. Delete a pod, and the same loops bring back another.',
    },
  ],
} satisfies Lesson;
