import type { Example } from '../example.ts';
import { SAMPLE } from '../sample.ts';

export default {
  title: 'Three web servers behind a Service',
  about: 'The whole road: Deployment, ReplicaSet, pods, endpoints, rules.',
  manifest: SAMPLE,
  becomes: [
    { after: 'get deployment web', shows: '3/3' },
    { after: 'get service web', shows: 'ClusterIP' },
  ],
} satisfies Example;
