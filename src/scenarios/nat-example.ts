/** The study notes' NAT example, with exactly its addresses: Service 10.254.1.1:80 before 10.163.0.2:8080 and 10.165.0.1:8080. The second machine's bridge has 10.165.0.254, so that .1 can be leased. */
const SHOP = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
      - name: shop
        image: shop:1.0
        ports:
        - containerPort: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  clusterIP: 10.254.1.1
  selector:
    app: shop
  ports:
  - port: 80
    targetPort: 8080
`;
const CLIENT = `apiVersion: v1
kind: Pod
metadata:
  name: client
spec:
  nodeName: worker-1
  containers:
  - name: client
    image: busybox:1.37
    command: [sleep, infinity]
`;

export const NAT_EXAMPLE = {
  topology: {
    serviceCIDR: '10.254.0.0/16',
    podCIDR: '10.160.0.0/13',
    workers: [
      { name: 'worker-1', podCIDR: '10.163.0.0/24', podGateway: '10.163.0.1' },
      { name: 'worker-2', podCIDR: '10.165.0.0/24', podGateway: '10.165.0.254' },
    ],
  },
  manifests: [SHOP, CLIENT],
} as const;
