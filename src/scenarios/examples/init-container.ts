import type { Example } from '../example.ts';

export default {
  title: 'First this, then that',
  about: 'The init container must end well before the others may start.',
  manifest: `apiVersion: v1
kind: Pod
metadata:
  name: staged
spec:
  initContainers:
  - name: prepare
    image: busybox:1.37
    command: [sleep, "5"]
  containers:
  - name: web
    image: nginx:1.29
`,
  becomes: [{ after: 'get pod staged', shows: '1/1 +Running' }],
} satisfies Example;
