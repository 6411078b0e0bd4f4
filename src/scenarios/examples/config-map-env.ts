import type { Example } from '../example.ts';

export default {
  title: 'A ConfigMap and an environment',
  about: 'The container’s process finds the ConfigMap’s value in its environment, and says so in its log.',
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
    command: [sh, -c, "echo $GREETING, $PLAIN; sleep 3600"]
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
    { after: 'logs reader', shows: 'hello, a plain value' },
  ],
} satisfies Example;
