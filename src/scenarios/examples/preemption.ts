import type { Example } from '../example.ts';

/** `own`: the line of its spec in which it differs. */
const pod = (name: string, own: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  ${own}
  containers:
  - name: work
    image: busybox:1.37
    command: [sleep, "3600"]
    resources:
      requests:
        cpu: "3"
`;

export default {
  title: 'A pod that takes another’s place',
  about:
    'Three pods fill the three machines. The fourth has a higher priority: the scheduler preempts one of them, which does not come back.',
  manifest: [
    ...['plain-1', 'plain-2', 'plain-3'].map((name) => pod(name, 'terminationGracePeriodSeconds: 5')),
    pod('urgent', 'priorityClassName: system-cluster-critical'),
  ].join('---\n'),
  becomes: [
    { after: 'get pod urgent', shows: '1/1 +Running' },
    { after: 'get events', shows: 'Normal +Preempted +pod/plain-\\d +Preempted by pod [-0-9a-f]+ on node worker-\\d' },
    { after: 'get pods --no-headers', shows: '^(\\S+ +1/1 +Running.*\\n){3}$' },
  ],
} satisfies Example;
