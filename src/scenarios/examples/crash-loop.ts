import type { Example } from '../example.ts';

export default {
  title: 'A container that keeps failing',
  about: 'It exits with 1 at once. The kubelet starts it again after 10, 20, 40 … seconds: CrashLoopBackOff.',
  manifest: `apiVersion: v1
kind: Pod
metadata:
  name: crasher
spec:
  containers:
  - name: crasher
    image: busybox:1.37
    command: [sh, -c, "echo no configuration; exit 1"]
`,
  becomes: [{ after: 'get pod crasher', shows: 'CrashLoopBackOff' }],
} satisfies Example;
