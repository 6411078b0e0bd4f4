/** Why the pause container exists. */
import type { V1Pod } from '../api/schema/kubernetes.ts';
import { objectsOf, type Picture } from '../story/picture.ts';
import { fixedQuestion, type Lesson } from './lesson.ts';

const MANIFEST = `apiVersion: v1
kind: Pod
metadata:
  name: duo
  labels:
    app: duo
spec:
  containers:
  - name: web
    image: nginx:1.29
    ports:
    - containerPort: 80
  - name: sidecar
    image: busybox:1.37
    command: [sh, -c, "while true; do sleep 3600; done"]
---
apiVersion: v1
kind: Service
metadata:
  name: duo
spec:
  selector:
    app: duo
  ports:
  - port: 80
`;
/** All of it happens on one machine: that of the pod. */
const at = (picture: Picture): string | undefined => duo(picture)?.spec?.nodeName;
const duo = (picture: Picture): V1Pod | undefined => objectsOf<V1Pod>(picture, 'pods').find((p) => p.metadata?.name === 'duo');

export default {
  id: 'why-pause',
  title: 'Why the pause container exists',
  about: 'What holds a pod’s address when its containers come and go.',
  minutes: 4,
  manifest: MANIFEST,
  steps: [
    {
      tell: 'One pod with two containers, web and sidecar, and a Service.',
      act: () => ({ do: 'kubectl', args: ['apply', '-f', '-'], stdin: MANIFEST }),
    },
    { at, says: 'cni/address-leased', tell: 'One pod, one address. Both containers will share it.' },
    {
      at,
      says: 'containerd/pause-started',
      tell: 'pause is a program that sleeps, in a container of its own, and it is there before web and sidecar are. What it holds is the point.',
    },
    { at, says: 'kubelet/container-started', tell: 'web joins a network that is there already, and finds the pod’s address on its eth0.' },
    {
      at,
      says: 'kubelet/container-started',
      where: (b) => b.fact.with?.container === 'sidecar',
      tell: 'sidecar sees the same eth0 and the same ports as web: they meet on localhost, and could quarrel over a port.',
    },
    {
      at,
      tell: 'Now we kill web.',
      question: fixedQuestion(
        'What happens to the pod’s address?',
        ['it is lost', 'it stays'],
        1,
        'The address belongs to the network namespace, and pause holds that.',
      ),
    },
    {
      at,
      says: 'containerd/container-exited',
      act: (picture) => (duo(picture) ? { do: 'kill', what: 'default/duo/web' } : undefined),
      tell: 'Look at what still stands: the foundation, and sidecar beside the gap.',
    },
    {
      at,
      says: 'kubelet/container-died',
      tell: 'The runtime has told the kubelet, within a second. What to do says the pod’s restartPolicy: Always means at once, the first time.',
    },
    {
      at,
      says: 'kubelet/container-started',
      where: (b) => b.fact.with?.container === 'web',
      tell: 'web is back: same pod, same machine, same address.',
    },
    {
      at,
      says: 'kubelet/back-off',
      act: () => ({ do: 'kill', what: 'default/duo/web' }),
      tell: 'We have killed web again. A second death so soon looks like a program that cannot live: the wait keeps the machine from starting it for ever.',
    },
    {
      at,
      tell: 'And if we kill pause?',
      question: fixedQuestion(
        'What does the pod lose?',
        ['nothing', 'its address', 'its machine'],
        1,
        'Nobody holds the namespace any more. The pod itself and its machine stay.',
      ),
    },
    {
      at,
      says: 'kubelet/sandbox-changed',
      act: () => ({ do: 'kill', what: 'default/duo/pause' }),
      tell: 'The containers ran on for a moment, in a network that nobody held. They cannot move into another: they have to end.',
    },
    {
      at,
      says: 'cni/address-leased',
      tell: 'A new sandbox, a new address. No scheduler was asked: the pod is still bound to this machine.',
    },
    {
      says: 'endpointslice/synced',
      where: (b) => Number(b.fact.with?.ready ?? 0) > 0,
      tell: 'Callers have never known the old address: they asked for the Service, and its list has the new one now.',
    },
    { says: 'kube-proxy/synced', tell: 'That is why Services exist: the address of a pod does not last, theirs does.' },
  ],
} satisfies Lesson;
