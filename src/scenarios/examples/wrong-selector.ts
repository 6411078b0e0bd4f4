import type { Example } from '../example.ts';

export default {
  title: 'A Service that selects nobody',
  about: 'One letter is wrong in the selector: the Service exists and has no endpoints, so calls are refused.',
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
  selector:
    app: wbe
  ports:
  - port: 80
    targetPort: 80
`,
  becomes: [
    { after: 'get pods', shows: '1/1 +Running' },
    { after: 'get endpointslices', shows: '<unset>' },
  ],
} satisfies Example;
