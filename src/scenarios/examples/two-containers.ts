import type { Example } from '../example.ts';

export default {
  title: 'Two containers in one pod',
  about: 'They share one address: the pause container holds the network, and both stand on it.',
  manifest: `apiVersion: v1
kind: Pod
metadata:
  name: pair
  labels:
    app: pair
spec:
  containers:
  - name: web
    image: nginx:1.29
    ports:
    - containerPort: 80
  - name: helper
    image: busybox:1.37
    command: [sleep, infinity]
`,
  becomes: [{ after: 'get pod pair', shows: '2/2 +Running' }],
} satisfies Example;
