import type { Example } from '../example.ts';

export default {
  title: 'Too big for every machine',
  about: 'It asks for more CPU than any machine has. The scheduler says why, machine by machine.',
  manifest: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: whale
spec:
  replicas: 1
  selector:
    matchLabels:
      app: whale
  template:
    metadata:
      labels:
        app: whale
    spec:
      containers:
      - name: whale
        image: nginx:1.29
        resources:
          requests:
            cpu: "64"
`,
  becomes: [
    { after: 'get pods', shows: '0/1 +Pending' },
    { after: 'get events', shows: 'Insufficient cpu' },
  ],
} satisfies Example;
