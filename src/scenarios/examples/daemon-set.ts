import type { Example } from '../example.ts';

export default {
  title: 'One on every machine',
  about: 'A DaemonSet counts machines instead of replicas; a toleration takes it to the control plane too.',
  manifest: `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  selector:
    matchLabels:
      app: agent
  template:
    metadata:
      labels:
        app: agent
    spec:
      tolerations:
      - key: node-role.kubernetes.io/control-plane
        operator: Exists
        effect: NoSchedule
      containers:
      - name: agent
        image: busybox:1.37
        command: [sleep, infinity]
`,
  becomes: [{ after: 'get daemonset agent', shows: 'agent +4 +4 +4' }],
} satisfies Example;
