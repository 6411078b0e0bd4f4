import type { Example } from '../example.ts';

export default {
  title: 'Twelve replicas',
  about: 'Watch the scheduler spread a dozen pods over the machines, one decision at a time.',
  manifest: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 12
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: nginx:1.29
        ports:
        - containerPort: 80
        readinessProbe:
          httpGet:
            path: /
            port: 80
`,
  becomes: [{ after: 'get deployment web', shows: '12/12' }],
} satisfies Example;
