import type { Example } from '../example.ts';

export default {
  title: 'An image that is not there',
  about: 'The tag does not exist: ErrImagePull, then ImagePullBackOff, with longer and longer waits.',
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
        image: nginx:no-such-tag
        ports:
        - containerPort: 80
`,
  becomes: [
    { after: 'get pods', shows: 'ImagePullBackOff|ErrImagePull' },
    { after: 'get deployment web', shows: '0/2' },
  ],
} satisfies Example;
