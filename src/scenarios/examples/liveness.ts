import type { Example } from '../example.ts';

export default {
  title: 'A liveness probe that kills',
  about: 'The probe fails, the kubelet kills the container and starts it again, over and over.',
  manifest: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
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
        image: httpd:2.4
        ports:
        - containerPort: 80
        livenessProbe:
          httpGet:
            path: /status/500
            port: 80
          periodSeconds: 5
`,
  becomes: [
    { after: 'get events', shows: 'Liveness probe failed' },
    { after: 'get events', shows: 'Killing' },
  ],
} satisfies Example;
