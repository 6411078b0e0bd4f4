import type { Example } from '../example.ts';

export default {
  title: 'Four that avoid each other',
  about: 'At most one a machine, and there are three: the fourth stays Pending until there is room.',
  manifest: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shy
spec:
  replicas: 4
  selector:
    matchLabels:
      app: shy
  template:
    metadata:
      labels:
        app: shy
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - topologyKey: kubernetes.io/hostname
            labelSelector:
              matchLabels:
                app: shy
      containers:
      - name: shy
        image: nginx:1.29
`,
  becomes: [
    { after: 'get deployment shy', shows: '3/4' },
    { after: 'get events', shows: 'anti-affinity rules' },
  ],
} satisfies Example;
