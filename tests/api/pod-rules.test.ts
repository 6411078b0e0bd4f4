/** Pods that are let in. Cases: pkg/apis/core/validation/validation_test.go (v1.36), TestValidatePodSpec, TestValidatePodCreate, and the tests of the parts of a pod. */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import { c, having, pod, said, stored } from './pod-objects.ts';

describe('a pod is let in with', () => {
  it.each<[string, KubeObject]>([
    [
      'everything that is common',
      pod({
        activeDeadlineSeconds: 30,
        nodeSelector: { key: 'value' },
        nodeName: 'foobar',
        dnsPolicy: 'Default',
        serviceAccountName: 'default',
        restartPolicy: 'OnFailure',
      }),
    ],
    ['a negative grace', pod({ terminationGracePeriodSeconds: -1 })],
    ['an init container', pod({ initContainers: [c({ name: 'ictr' })] })],
    [
      'ids and host ports that match',
      pod({
        hostNetwork: true,
        containers: [c({ ports: [{ hostPort: 8080, containerPort: 8080 }] })],
        securityContext: { supplementalGroups: [0, 2147483647], runAsUser: 0, fsGroup: 2147483647 },
      }),
    ],
    [
      'host aliases',
      pod({
        hostAliases: [
          { ip: '12.34.56.78', hostnames: ['host1', 'host2'] },
          { ip: '2001:db8::1', hostnames: ['host3'] },
        ],
      }),
    ],
    [
      'no DNS but its own',
      pod({
        dnsPolicy: 'None',
        dnsConfig: {
          nameservers: ['127.0.0.1', 'fe80::1'],
          searches: ['custom', 'mydomain.com.', '.', '_sip._tcp.abc'],
          options: [{ name: 'ndots', value: '5' }, { name: 'edns0' }],
        },
      }),
    ],
    ['a pull secret without a name', pod({ imagePullSecrets: [{ name: '' }] })],
    [
      'a sidecar with probes',
      pod({ initContainers: [c({ name: 's', restartPolicy: 'Always', readinessProbe: { tcpSocket: { port: 80 } } })] }),
    ],
    [
      'resources of a vendor',
      having({ resources: { limits: { 'my.org/resource': '10', 'ephemeral-storage': '1Gi' }, requests: { 'my.org/resource': '10' } } }),
    ],
    [
      'the annotations and labels that it has itself',
      having({
        env: [
          { name: 'a.b', valueFrom: { fieldRef: { fieldPath: "metadata.annotations['MyLabel']" } } },
          { name: '0 x', valueFrom: { fieldRef: { fieldPath: "metadata.labels['a/b']" } } },
          { name: 'L', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
        ],
      }),
    ],
    [
      'tolerations of all sorts',
      pod({
        tolerations: [
          { key: 'foo', operator: 'Equal', value: 'bar', effect: 'NoSchedule' },
          { operator: 'Exists' },
          { key: 'foo', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: -2 },
          { key: 'foo', effect: '' },
        ],
      }),
    ],
    [
      'a host path back and forth',
      pod({
        volumes: [
          { name: 'a', hostPath: { path: '/mnt/path1', type: 'Directory' } },
          { name: 'b', emptyDir: { sizeLimit: '0' } },
          { name: 'p', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
        ],
      }),
    ],
  ])('%s', (_, object) => {
    expect(said(object)).toEqual([]);
  });
});

/** Upstream: pkg/apis/core/v1/defaults.go SetDefaults_Volume. */
it.each([
  ['image', 'Always'],
  ['image:latest', 'Always'],
  ['image:1', 'IfNotPresent'],
  [`image@sha256:${'a'.repeat(64)}`, 'IfNotPresent'],
])('a volume of the image %s is pulled: %s', (reference, pullPolicy) => {
  const { spec } = stored(pod({ volumes: [{ name: 'v', image: { reference } }] })) as { spec?: { volumes?: readonly unknown[] } };
  expect(spec?.volumes?.[0]).toEqual({ name: 'v', image: { reference, pullPolicy } });
});
