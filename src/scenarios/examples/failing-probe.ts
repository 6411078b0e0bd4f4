import type { Example } from '../example.ts';

export default {
  title: 'A probe that never succeeds',
  about: 'Running, and never Ready: the probe asks for a page that answers 404, so the Service sends nothing here.',
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
        readinessProbe:
          httpGet:
            path: /status/404
            port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: 80
`,
  becomes: [
    { after: 'get pods', shows: '0/1 +Running' },
    { after: 'get events', shows: 'Readiness probe failed' },
  ],
} satisfies Example;
