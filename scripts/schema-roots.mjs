/** The kinds whose official schema the product carries. Adding a kind starts with a line here, then `npm run build:schema`. */
export const roots = [
  'V1Namespace', 'V1Node', 'V1Pod', 'V1Deployment', 'V1ReplicaSet', 'V1DaemonSet', 'V1ControllerRevision', 'V1Service', 'V1EndpointSlice',
  'V1ConfigMap', 'V1Secret', 'V1ServiceAccount', 'V1Lease', 'CoreV1Event', 'V1Binding', 'V1Scale', 'V1Status', 'V1DeleteOptions',
];
