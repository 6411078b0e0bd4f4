import type { Example } from '../example.ts';

export default {
  title: 'A ConfigMap and an environment',
  about: 'The ConfigMap is stored; taking a variable from it is accepted and not simulated, and the editor says so.',
  manifest: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  GREETING: hello
---
apiVersion: v1
kind: Pod
metadata:
  name: reader
spec:
  containers:
  - name: reader
    image: busybox:1.37
    command: [sh, -c, "echo $PLAIN; sleep 3600"]
    env:
    - name: PLAIN
      value: a plain value
    - name: GREETING
      valueFrom:
        configMapKeyRef:
          name: settings
          key: GREETING
`,
  becomes: [
    { after: 'get configmap settings', shows: 'settings +1' },
    { after: 'get pod reader', shows: '1/1 +Running' },
  ],
} satisfies Example;
