import type { Example } from '../example.ts';

const ordinary = (name: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  terminationGracePeriodSeconds: 5
  containers:
  - name: work
    image: busybox:1.37
    command: [sleep, "3600"]
    resources:
      requests:
        cpu: "3"
---
`;

export default {
  title: 'A pod that takes another’s place',
  about: 'Three pods fill the three machines. The fourth has a higher priority: the scheduler preempts one of them, which does not come back.',
  manifest: `${['ordinary-1', 'ordinary-2', 'ordinary-3'].map(ordinary).join('')}apiVersion: v1
kind: Pod
metadata:
  name: important
spec:
  priorityClassName: system-cluster-critical
  containers:
  - name: work
    image: busybox:1.37
    command: [sleep, "3600"]
    resources:
      requests:
        cpu: "3"
`,
  becomes: [
    { after: 'get pod important', shows: '1/1 +Running' },
    { after: 'get events', shows: 'Normal +Preempted +pod/ordinary-\\d +Preempted by pod [-0-9a-f]+ on node worker-\\d' },
    { after: 'get pods --no-headers', shows: '^(\\S+ +1/1 +Running.*\\n){3}$' },
  ],
} satisfies Example;
