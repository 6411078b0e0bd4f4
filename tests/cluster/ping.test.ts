/** ping: echoes go through the simulated kernels as any packet does. What is printed is busybox 1.35's and iputils'. The words stand here, so that a machine without a busybox checks them, too; one that has it asks it whether they are its own. */
import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';
import { beatsOf } from '../../src/story/beats.ts';

let cluster: Cluster;
let web: string;
let beside: string;
let service: string;
beforeAll(() => {
  cluster = openCluster({ topology: { workers: 2 } });
  for (const [name, machine, image] of [
    ['box', 'worker-1', 'busybox:1.36'],
    ['beside', 'worker-1', 'busybox:1.36'],
    ['net', 'worker-1', 'nicolaka/netshoot'],
    ['web', 'worker-2', 'nginx:1.29'],
  ])
    cluster.kubectl(
      `run ${name} --image=${image} --overrides='{"spec":{"nodeName":"${machine}"}}' ${name === 'web' ? '' : '-- sleep 36000'}`,
    );
  cluster.kubectl('run pinger --image=busybox:1.36 -- ping -i 5 kubernetes.io');
  cluster.kubectl('expose pod web --port=80');
  cluster.settle(60);
  const said = (args: string): string => cluster.kubectl(args).stdout;
  web = said("get pod web -o jsonpath='{.status.podIP}'");
  beside = said("get pod beside -o jsonpath='{.status.podIP}'");
  service = said("get service web -o jsonpath='{.spec.clusterIP}'");
});

const inPod = (pod: string, command: string): readonly [string, number] => {
  const { stdout, stderr, exitCode } = cluster.kubectl(`exec ${pod} -- ${command}`);
  return [masked(stdout + stderr.replace(/command terminated.*\n/, '')), exitCode];
};
/** How long it took is another matter. */
const masked = (text: string): string => text.replace(/\d+\.\d+( ms|\/)/g, 'T$1').replace(/time \d+ms/, 'time Tms');
const pinged = (pod: string, to: string): string | undefined => / ttl=(\d+) /.exec(inPod(pod, `ping -c 1 -W 1 ${to}`)[0])?.[1];

const ITSELF = `PING 127.0.0.1 (127.0.0.1): 56 data bytes
64 bytes from 127.0.0.1: seq=0 ttl=64 time=T ms
64 bytes from 127.0.0.1: seq=1 ttl=64 time=T ms

--- 127.0.0.1 ping statistics ---
2 packets transmitted, 2 packets received, 0% packet loss
round-trip min/avg/max = T/T/T ms
`;
const real = (...args: readonly string[]): readonly [string, number | null] => {
  const { stdout, stderr, status } = spawnSync('busybox', ['ping', ...args]);
  return [masked(`${stdout?.toString() ?? ''}${stderr?.toString() ?? ''}`), status];
};
const isReal = real('-c', '1', '127.0.0.1')[1] === 0;

describe('what it prints', () => {
  it('is busybox’ in an image of busybox', () => {
    if (isReal) expect(real('-c', '2', '127.0.0.1')).toEqual([ITSELF, 0]);
    expect(inPod('box', 'ping -c 2 127.0.0.1')).toEqual([ITSELF, 0]);
  });
  const ONCE = `
--- 127.0.0.1 ping statistics ---
1 packets transmitted, 1 packets received, 0% packet loss
round-trip min/avg/max = T/T/T ms
`;
  it.each<[args: string, printed: string, status: number]>([
    ['-c 1 -q 127.0.0.1', `PING 127.0.0.1 (127.0.0.1): 56 data bytes\n${ONCE}`, 0],
    ['-c 1 -s 100 127.0.0.1', `PING 127.0.0.1 (127.0.0.1): 100 data bytes\n108 bytes from 127.0.0.1: seq=0 ttl=64 time=T ms\n${ONCE}`, 0],
    ['-w 1 127.0.0.1', `PING 127.0.0.1 (127.0.0.1): 56 data bytes\n64 bytes from 127.0.0.1: seq=0 ttl=64 time=T ms\n${ONCE}`, 0],
    ['-c x 127.0.0.1', "ping: invalid number 'x'\n", 1],
  ])('%s', (args, printed, status) => {
    expect(inPod('box', `ping ${args}`)).toEqual([printed, status]);
    if (isReal) expect(real(...args.split(' '))).toEqual([printed, status]);
  });
  it('is iputils’ elsewhere', () => {
    expect(inPod('net', 'ping -c 2 127.0.0.1')).toEqual([
      `PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=T ms
64 bytes from 127.0.0.1: icmp_seq=2 ttl=64 time=T ms

--- 127.0.0.1 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time Tms
rtt min/avg/max/mdev = T/T/T/T ms
`,
      0,
    ]);
  });
  it('a name that nobody knows', () => {
    expect(inPod('box', 'ping nope')).toEqual(["ping: bad address 'nope'\n", 1]);
    expect(inPod('net', 'ping nope')).toEqual(['ping: nope: Name or service not known\n', 2]);
  });
});

describe('where echoes get', () => {
  it('each router on the way takes one of their lives', () => {
    expect([pinged('box', beside), pinged('box', web), pinged('box', '192.168.0.11'), pinged('box', '192.168.0.12')]).toEqual([
      '64',
      '62',
      '64',
      '63',
    ]);
  });
  it('not to a Service: its rules are for its ports alone, and nobody has its address', () => {
    const [out, code] = inPod('box', 'ping -c 3 -W 1 web');
    expect(out).toBe(`PING web (${service}): 56 data bytes

--- web ping statistics ---
3 packets transmitted, 0 packets received, 100% packet loss
`);
    expect(code).toBe(1);
    expect(inPod('box', `wget -qO- -T 1 ${service}`)[1]).toBe(0);
  });
  it('and the story says why', () => {
    const rows = [...cluster.trace()].length;
    inPod('box', 'ping -c 1 -W 1 web');
    const told = beatsOf([...cluster.trace()].slice(rows), 0).map(({ title, why }) => `${title} ${why}`);
    expect(told).toContainEqual(expect.stringMatching(/^default\/box sends a ping/));
    expect(told).toContainEqual(expect.stringMatching(/nobody with the address .* for its ports alone\.$/));
  });
  it('to the internet, as its machine, and back', () => {
    const rows = [...cluster.trace()].length;
    expect(pinged('box', '8.8.8.8')).toBeDefined();
    const facts = [...cluster.trace()].slice(rows).flatMap((e) => (e.type === 'note' && e.fact.says.startsWith('packet/') ? [e.fact] : []));
    expect(facts.map(({ says, with: w }) => `${says.slice(7)} ${String(w?.src)} → ${String(w?.dst)}`)).toEqual(
      expect.arrayContaining(['masqueraded 192.168.0.11 → 8.8.8.8', 'echoed 192.168.0.11 → 8.8.8.8']),
    );
  });
  it('not to an address that no pod has', () => {
    expect(inPod('box', 'ping -c 1 -W 5 10.200.1.99')).toEqual([
      'PING 10.200.1.99 (10.200.1.99): 56 data bytes\n\n--- 10.200.1.99 ping statistics ---\n1 packets transmitted, 0 packets received, 100% packet loss\n',
      1,
    ]);
  });
  it('conntrack knows them by their number', () => {
    inPod('box', `ping -c 1 ${web}`);
    const table = cluster.host('worker-1').conntrack.filter((line) => line.startsWith('icmp'));
    expect(table.at(-1)).toMatch(
      new RegExp(
        `^icmp     1 \\d+ src=10\\.200\\.1\\.\\d dst=${web} type=8 code=0 id=(\\d+) src=${web} dst=\\S+ type=0 code=0 id=\\1 mark=0 use=1$`,
      ),
    );
  });
});

describe('how long', () => {
  it('for ever, until whoever asked has waited long enough', () => {
    const [out, code] = inPod('box', 'ping 127.0.0.1');
    expect(out).toContain('seq=18 ttl=64');
    expect(out).toMatch(/20 packets transmitted, 20 packets received, 0% packet loss\nround-trip .* ms\n$/);
    expect(code).toBe(0);
  });
  it('what an endless loop has said by then is not lost', () => {
    const [out, code] = inPod('box', `sh -c 'while true; do wget -qO- -T 1 ${web} >/dev/null && echo ok; sleep 1; done'`);
    expect(out).toMatch(/^ok\nok\n/);
    expect(code).toBe(130);
  });
  it('a loop that never rests is slowed down', () => {
    const lines = inPod('box', `sh -c 'while true; do wget -qO- -T 1 ${web} >/dev/null && echo ok; done'`)[0].trim().split('\n');
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.length).toBeLessThan(130);
  });
  it('in a container’s log, as its program', () => {
    const lines = cluster.kubectl('logs pinger').stdout.split('\n');
    expect(lines[0]).toMatch(/^PING kubernetes\.io \(203\.0\.113\.\d+\): 56 data bytes$/);
    expect(lines[2]).toMatch(/^64 bytes from 203\.0\.113\.\d+: seq=1 ttl=6\d time=/);
  });
  it('timeout ends it', () => {
    expect(inPod('box', 'timeout 2 ping 127.0.0.1')[1]).toBe(143);
  });
});
