/**
 * The rules and the way packets take through them, against a real Linux kernel. Where this runs as root with iproute2 and iptables, the kernel is asked;
 * elsewhere its recorded answers stand (netfilter.recorded.json: iptables 1.8.9 (nf_tables), Debian 12).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';
import { NAT_EXAMPLE } from '../../src/scenarios/nat-example.ts';
import { askKernel, canAskKernel } from './real-kernel.mjs';

interface Said {
  readonly saved: readonly string[];
  /** For each ask: the different answers, sorted. */
  readonly answers: readonly (readonly string[])[];
}
const RECORD = new URL('./netfilter.recorded.json', import.meta.url);
const EMPTY =
  'apiVersion: v1\nkind: Service\nmetadata: {name: empty}\nspec: {clusterIP: 10.254.9.9, selector: {app: none}, ports: [{port: 80}]}\n';
/** The machine's own address, and a Service that it opens a port for. */
const MACHINE = '192.168.0.11';
const OPEN =
  'apiVersion: v1\nkind: Service\nmetadata: {name: open}\nspec: {type: NodePort, clusterIP: 10.254.2.2, selector: {app: shop}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}\n';
const ASKS = [
  { from: 'client', to: '10.254.1.1:80', times: 40 },
  { from: 'a', to: '10.254.1.1:80', times: 40 },
  { from: 'host', to: '10.254.1.1:80', times: 40 },
  { from: 'client', to: '10.254.9.9:80', times: 1 },
  { from: 'client', to: '10.163.0.2:8080', times: 1 },
  { from: 'client', to: '10.163.0.2:81', times: 1 },
  { from: 'host', to: `${MACHINE}:30080`, times: 40 },
  { from: 'host', to: '127.0.0.1:30080', times: 40 },
  { from: 'client', to: `${MACHINE}:30080`, times: 40 },
  { from: 'host', to: `${MACHINE}:30081`, times: 1 },
  { from: 'host', to: '127.0.0.1:30081', times: 1 },
] as const;
const rulesIn = (text: string): readonly string[] => text.split('\n').filter((l) => l.startsWith('-A'));

function setUp(): Cluster {
  const cluster = openCluster({ topology: NAT_EXAMPLE.topology });
  for (const manifest of [...NAT_EXAMPLE.manifests, EMPTY, OPEN]) {
    cluster.kubectl('apply -f -', manifest);
    cluster.settle();
  }
  cluster.advance(5);
  return cluster;
}

function ours(cluster: Cluster): Said {
  const podAt = (ip: string): string =>
    `default/${
      cluster
        .kubectl('get pods -o wide')
        .stdout.split('\n')
        .find((l) => l.includes(`${ip} `))
        ?.split(/\s+/)[0]
    }`;
  const from: Readonly<Record<string, string>> = { client: 'default/client', a: podAt('10.163.0.2'), host: 'node/worker-1' };
  const names = new Map([
    [podAt('10.163.0.2'), 'a'],
    [podAt('10.165.0.1'), 'b'],
  ]);
  const answers = ASKS.map((ask) =>
    [
      ...new Set(
        Array.from({ length: ask.times }, () => {
          const walk = cluster.connect({ from: from[ask.from], to: ask.to });
          if (walk.verdict !== 'answered') return walk.verdict === 'refused' ? 'ECONNREFUSED' : walk.verdict;
          const delivered = walk.hops.find((h) => h.what === 'delivered');
          return `${names.get(walk.servedBy ?? '')} ${delivered?.packet.src.split(':')[0]}`;
        }),
      ),
    ].sort(),
  );
  return { saved: [...rulesIn(cluster.iptablesSave('worker-1')), ...rulesIn(cluster.iptablesSave('worker-1', 'filter'))].sort(), answers };
}

async function kernels(cluster: Cluster): Promise<Said> {
  const { saved, answers } = await askKernel({
    nat: cluster.iptablesSave('worker-1'),
    filter: cluster.iptablesSave('worker-1', 'filter'),
    gateway: '10.163.0.1',
    machine: MACHINE,
    asks: ASKS,
    pods: [
      { name: 'client', ip: '10.163.0.3', serves: false },
      { name: 'a', ip: '10.163.0.2', serves: true },
      { name: 'b', ip: '10.165.0.1', serves: true },
    ],
  });
  return { saved: [...rulesIn(saved)].sort(), answers: answers.map((list) => [...new Set(list)].sort()) };
}

describe('netfilter', () => {
  let cluster: Cluster;
  const recorded = JSON.parse(readFileSync(RECORD, 'utf8')) as Said;
  beforeAll(() => {
    cluster = setUp();
  });

  it('prints the rules as a kernel prints them back', () => {
    expect(ours(cluster).saved).toEqual(recorded.saved);
  });
  it('sends packets where a kernel sends them, with the source that a kernel gives them', () => {
    const { answers } = ours(cluster);
    // From the machine itself to a pod elsewhere the way out differs: flannel.1 here, a plain cable there.
    const same = (list: readonly string[]): readonly string[] => list.map((a) => a.replace('10.163.0.0', '10.163.0.1'));
    expect(answers.map(same)).toEqual(recorded.answers);
  });
  it.runIf(canAskKernel())(
    'has a record that this machine’s kernel confirms',
    async () => {
      const said = await kernels(cluster);
      if (process.env.ORRERY_RECORD) writeFileSync(RECORD, `${JSON.stringify(said, undefined, 1)}\n`);
      expect(said).toEqual(process.env.ORRERY_RECORD ? said : recorded);
    },
    60_000,
  );
});
