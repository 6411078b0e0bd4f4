/** Expected: pkg/kubelet/envvars/envvars_test.go TestFromServices; pkg/kubelet/kubelet_pods_test.go TestMakeEnvironmentVariables, its cases about Services (v1.36). */
import { describe, expect, it } from 'vitest';
import { cacheOf } from '../../../src/cluster/client/indexed-cache.ts';
import { serviceVariables, variablesOf } from '../../../src/cluster/kubelet/service-env.ts';
import type { V1Service, V1ServicePort } from '../../../src/api/schema/kubernetes.ts';
import { openCluster } from '../../../src/engine/headless.ts';

const service = (name: string, clusterIP: string, ports: readonly V1ServicePort[], namespace = 'default'): V1Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { selector: { bar: 'baz' }, clusterIP, ports },
});
const said = (s: V1Service): Record<string, string | undefined> => Object.fromEntries(variablesOf(s).map((v) => [v.name, v.value]));
const tcp = (port: number, name?: string): V1ServicePort => ({ port, protocol: 'TCP', ...(name ? { name } : {}) });

describe('a Service in the environment', () => {
  it('of one port', () =>
    expect(said(service('foo-bar', '1.2.3.4', [tcp(8080)]))).toEqual({
      FOO_BAR_SERVICE_HOST: '1.2.3.4',
      FOO_BAR_SERVICE_PORT: '8080',
      FOO_BAR_PORT: 'tcp://1.2.3.4:8080',
      FOO_BAR_PORT_8080_TCP: 'tcp://1.2.3.4:8080',
      FOO_BAR_PORT_8080_TCP_PROTO: 'tcp',
      FOO_BAR_PORT_8080_TCP_PORT: '8080',
      FOO_BAR_PORT_8080_TCP_ADDR: '1.2.3.4',
    }));
  it('of two protocols, in this order', () =>
    expect(
      variablesOf(service('abc-123', '5.6.7.8', [{ name: 'u-d-p', port: 8081, protocol: 'UDP' }, tcp(8081, 't-c-p')])).map(
        (v) => `${v.name}=${v.value}`,
      ),
    ).toEqual([
      'ABC_123_SERVICE_HOST=5.6.7.8',
      'ABC_123_SERVICE_PORT=8081',
      'ABC_123_SERVICE_PORT_U_D_P=8081',
      'ABC_123_SERVICE_PORT_T_C_P=8081',
      'ABC_123_PORT=udp://5.6.7.8:8081',
      'ABC_123_PORT_8081_UDP=udp://5.6.7.8:8081',
      'ABC_123_PORT_8081_UDP_PROTO=udp',
      'ABC_123_PORT_8081_UDP_PORT=8081',
      'ABC_123_PORT_8081_UDP_ADDR=5.6.7.8',
      'ABC_123_PORT_8081_TCP=tcp://5.6.7.8:8081',
      'ABC_123_PORT_8081_TCP_PROTO=tcp',
      'ABC_123_PORT_8081_TCP_PORT=8081',
      'ABC_123_PORT_8081_TCP_ADDR=5.6.7.8',
    ]));
  it('of a port that is named with a number', () =>
    expect(said(service('q-u-u-x', '9.8.7.6', [tcp(8082), tcp(8083, '8083')]))).toMatchObject({
      Q_U_U_X_SERVICE_PORT: '8082',
      Q_U_U_X_SERVICE_PORT_8083: '8083',
      Q_U_U_X_PORT: 'tcp://9.8.7.6:8082',
      Q_U_U_X_PORT_8083_TCP_ADDR: '9.8.7.6',
    }));
});

describe('the Services that a pod is told of', () => {
  const objects = [
    service('kubernetes', '1.2.3.3', [tcp(8083)]),
    service('not-special', '1.2.3.8', [tcp(8088)]),
    service('test', '1.2.3.5', [tcp(8085)], 'test1'),
    service('test', '1.2.3.7', [tcp(8087)], 'test2'),
    service('none', 'None', [tcp(8082)], 'test1'),
    service('empty', '', [tcp(8082)], 'test1'),
    service('kubernetes', '1.2.3.4', [tcp(8084)], 'kubernetes'),
  ];
  const hosts = (namespace: string, isLinked: boolean): readonly string[] =>
    serviceVariables(cacheOf(objects), namespace, isLinked)
      .filter((v) => v.name.endsWith('_HOST'))
      .map((v) => `${v.name}=${v.value}`);
  const MASTER = 'KUBERNETES_SERVICE_HOST=1.2.3.3';
  it.each<readonly [string, string, boolean, readonly string[]]>([
    ["its namespace's and the master", 'test1', true, [MASTER, 'TEST_SERVICE_HOST=1.2.3.5']],
    ['the master alone', 'test1', false, [MASTER]],
    ['all of default', 'default', true, [MASTER, 'NOT_SPECIAL_SERVICE_HOST=1.2.3.8']],
    ['of default the master alone', 'default', false, [MASTER]],
    ["its namespace's own kubernetes", 'kubernetes', true, ['KUBERNETES_SERVICE_HOST=1.2.3.4']],
    ['nothing of its own', 'elsewhere', true, [MASTER]],
  ])('%s', (_, namespace, isLinked, expected) => expect(hosts(namespace, isLinked)).toEqual(expected));
  it('share one list', () =>
    expect(serviceVariables(cacheOf(objects), 'test1', true)).toBe(serviceVariables(cacheOf(objects), 'test1', true)));
});

describe('in a cluster', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const manifest = (name: string, more: object = {}): string =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: {
        ...more,
        containers: [
          {
            name: 'c',
            image: 'busybox',
            command: ['sleep', '999'],
            env: [
              { name: 'URL', value: 'http://$(WEB_SERVICE_HOST):$(WEB_SERVICE_PORT)' },
              { name: 'WEB_PORT', value: 'mine' },
            ],
          },
        ],
      },
    });
  cluster.kubectl('apply -f -', manifest('early'));
  cluster.settle();
  cluster.kubectl('create service clusterip web --tcp=80:8080');
  const { spec } = cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/services/web' }).body as V1Service;
  cluster.kubectl('apply -f -', manifest('late'));
  cluster.kubectl('apply -f -', manifest('alone', { enableServiceLinks: false }));
  cluster.settle();
  const env = (pod: string): Record<string, string> =>
    Object.fromEntries(
      cluster
        .kubectl(`exec ${pod} -- env`)
        .stdout.trim()
        .split('\n')
        .map((line) => line.split(/=(.*)/s) as [string, string]),
    );
  it('a pod knows the Services that were there before it', () => {
    expect(env('late')).toMatchObject({
      WEB_SERVICE_HOST: spec?.clusterIP,
      WEB_SERVICE_PORT: '80',
      WEB_SERVICE_PORT_80_8080: '80',
      WEB_PORT_80_TCP: `tcp://${spec?.clusterIP}:80`,
      KUBERNETES_SERVICE_PORT_HTTPS: '443',
      URL: `http://${spec?.clusterIP}:80`,
    });
    expect(env('early').WEB_SERVICE_HOST).toBeUndefined();
    expect(env('early').URL).toBe('http://$(WEB_SERVICE_HOST):$(WEB_SERVICE_PORT)');
  });
  it('its own variables count more', () => expect(env('late').WEB_PORT).toBe('mine'));
  it('and none but kubernetes when it wants no links', () =>
    expect(Object.keys(env('alone')).filter((name) => name.endsWith('_SERVICE_HOST'))).toEqual(['KUBERNETES_SERVICE_HOST']));
});
