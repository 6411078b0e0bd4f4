/** What can be asked is said with the names and addresses of this very cluster. */
import { expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import type { Picture } from '../../src/story/picture.ts';
import { requestsAt } from '../../src/ui/transport/requests.ts';

const objects: Readonly<Record<string, object>> = {
  '/registry/minions/cp-1': {
    kind: 'Node',
    metadata: { name: 'cp-1', labels: { 'node-role.kubernetes.io/control-plane': '' } },
    status: { addresses: [{ type: 'InternalIP', address: '10.0.0.1' }] },
  },
  '/registry/minions/oak': {
    kind: 'Node',
    metadata: { name: 'oak' },
    status: { addresses: [{ type: 'InternalIP', address: '10.0.0.8' }] },
  },
  '/registry/minions/elm': {
    kind: 'Node',
    metadata: { name: 'elm' },
    status: { addresses: [{ type: 'InternalIP', address: '10.0.0.7' }] },
  },
  '/registry/services/specs/default/web': {
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { clusterIP: '10.96.1.2', ports: [{ port: 80, nodePort: 30080 }] },
  },
};
const picture: Picture = { objects: new Map(Object.entries(objects) as [string, KubeObject][]), actors: new Map(), at: 0, revision: 1 };

it('asks from the first machine there is, and at its own address', () => {
  expect(requestsAt(picture).map((r) => r.label)).toEqual(['curl 10.96.1.2:80 on elm', 'curl 10.0.0.7:30080 from the internet']);
});
