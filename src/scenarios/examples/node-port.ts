import type { Example } from '../example.ts';

export default {
  title: 'A Service on every machine’s port',
  about: 'A NodePort is one more rule on every machine: it forwards to the pods wherever they are.',
  manifest: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
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
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector:
    app: web
  ports:
  - port: 80
    targetPort: 80
`,
  becomes: [{ after: 'get service web', shows: 'NodePort .*80:3[0-2][0-9][0-9][0-9]/TCP' }],
} satisfies Example;
