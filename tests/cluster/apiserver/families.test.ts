/** Address families of Services where there is one. Sources: pkg/registry/core/service/storage/alloc.go initIPFamilyFields (v1.36); website content/en/docs/concepts/services-networking/dual-stack.md. */
import { expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';
import { askOf, MERGE } from './ask.ts';

const cluster = openCluster({ topology: { workers: 1 } });
const ask = askOf(cluster);
const SERVICES = '/api/v1/namespaces/default/services';
const ports = [{ port: 80 }];
const selector = { app: 'x' };
const made = (name: string, spec: object) =>
  ask('POST', SERVICES, { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports, ...spec } });

it.each<[string, object, object]>([
  ['plain', { selector }, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }],
  ['preferring', { selector, ipFamilyPolicy: 'PreferDualStack' }, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'PreferDualStack' }],
  ['headless', { selector, clusterIP: 'None' }, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }],
  [
    'headless-and-without-a-selector',
    { clusterIP: 'None' },
    { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack', clusterIPs: ['None'] },
  ],
  [
    'headless-and-single',
    { clusterIP: 'None', ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv6'] },
    { ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack' },
  ],
])('%s', (name, spec, expected) => {
  expect(made(name, spec)).toMatchObject({ status: 201, body: { spec: expected } });
});

const NOT_DUAL = 'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services';
it.each<[string, object, string]>([
  ['both', { ipFamilyPolicy: 'RequireDualStack' }, NOT_DUAL],
  ['the other', { ipFamilies: ['IPv6'] }, 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
])('%s cannot be had', (_, spec, why) => {
  expect(made('refused', { selector, ...spec })).toMatchObject({ status: 422, body: { message: `Service "refused" is invalid: ${why}` } });
});
it('nor asked for later', () => {
  expect(ask('PATCH', `${SERVICES}/plain`, { spec: { ipFamilyPolicy: 'RequireDualStack' } }, MERGE)).toMatchObject({
    status: 422,
    body: { message: `Service "plain" is invalid: ${NOT_DUAL}` },
  });
});
