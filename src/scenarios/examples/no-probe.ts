import type { Example } from '../example.ts';

export default {
  title: 'No readiness probe',
  about: 'A slow starter without a probe is Ready the moment its process runs, before it can answer.',
  manifest: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: db
spec:
  replicas: 1
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      containers:
      - name: db
        image: mysql:8.4
        ports:
        - containerPort: 3306
`,
  becomes: [{ after: 'get pods', shows: '1/1 +Running' }],
} satisfies Example;
