/** What programs show of a pod's network. Expected: what busybox 1.35 and iproute2 6.1 print in a network namespace with such a cable, such an address and such routes, without its IPv6 addresses and counts; who listens is the image's. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

let cluster: Cluster;
const said = (pod: string, command: string): string => {
  const { stdout, stderr } = cluster.kubectl(['exec', pod, '--', ...command.split(' ')]);
  return stdout + stderr;
};

beforeAll(() => {
  cluster = openCluster({ topology: { workers: 1 } });
  const pod = (name: string, spec: object): void => {
    cluster.kubectl('apply -f -', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }));
    cluster.settle(60);
  };
  const box = { name: 'box', image: 'busybox:1.36', command: ['sleep', '36000'] };
  pod('box', { containers: [box] });
  pod('web', { containers: [{ name: 'web', image: 'nginx:1.29', ports: [{ containerPort: 9000, protocol: 'UDP' }] }] });
  pod('machine', { hostNetwork: true, containers: [box] });
});

const LO = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
`;
const ETH0 = `2: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1450 qdisc noqueue qlen 1000
    link/ether 0a:58:0a:c8:01:02 brd ff:ff:ff:ff:ff:ff
    inet 10.200.1.2/24 brd 10.200.1.255 scope global eth0
       valid_lft forever preferred_lft forever
`;

describe('in an image of busybox', () => {
  it.each([
    ['ip a', LO + ETH0],
    ['ip addr show dev eth0', ETH0],
    ['ip link show lo', LO.split('\n').slice(0, 2).join('\n') + '\n'],
    [
      'ip -o -4 a s eth0',
      '2: eth0    inet 10.200.1.2/24 brd 10.200.1.255 scope global eth0\\       valid_lft forever preferred_lft forever\n',
    ],
    ['ip a show dev nope', "ip: can't find device 'nope'\ncommand terminated with exit code 1\n"],
    [
      'ip route',
      'default via 10.200.1.1 dev eth0 \n10.200.0.0/16 via 10.200.1.1 dev eth0 \n10.200.1.0/24 dev eth0 scope link  src 10.200.1.2 \n',
    ],
    ['ip route get 10.200.2.3', '10.200.2.3 via 10.200.1.1 dev eth0  src 10.200.1.2 \n'],
    ['ip route get 10.200.1.3', '10.200.1.3 dev eth0  src 10.200.1.2 \n'],
    [
      'ifconfig eth0',
      `eth0      Link encap:Ethernet  HWaddr 0A:58:0A:C8:01:02  
          inet addr:10.200.1.2  Bcast:10.200.1.255  Mask:255.255.255.0
          UP BROADCAST RUNNING MULTICAST  MTU:1450  Metric:1
          RX packets:0 errors:0 dropped:0 overruns:0 frame:0
          TX packets:0 errors:0 dropped:0 overruns:0 carrier:0
          collisions:0 txqueuelen:1000 
          RX bytes:0 (0.0 B)  TX bytes:0 (0.0 B)

`,
    ],
    [
      'route -n',
      `Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         10.200.1.1      0.0.0.0         UG    0      0        0 eth0
10.200.0.0      10.200.1.1      255.255.0.0     UG    0      0        0 eth0
10.200.1.0      0.0.0.0         255.255.255.0   U     0      0        0 eth0
`,
    ],
    [
      'netstat -rn',
      `Kernel IP routing table
Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface
0.0.0.0         10.200.1.1      0.0.0.0         UG        0 0          0 eth0
10.200.0.0      10.200.1.1      255.255.0.0     UG        0 0          0 eth0
10.200.1.0      0.0.0.0         255.255.255.0   U         0 0          0 eth0
`,
    ],
  ])('%s', (command, printed) => {
    expect(said('box', command)).toBe(printed);
  });

  it('a script reads it', () => {
    const script = "ip route | awk '/default/ { print $3 }'; ip -4 addr show eth0 | grep -o 'inet [0-9.]*'";
    expect(cluster.kubectl(['exec', 'box', '--', 'sh', '-c', script]).stdout).toBe('10.200.1.1\ninet 10.200.1.2\n');
  });
});

describe('in another image', () => {
  it.each([
    [
      'ip addr show eth0',
      `2: eth0@if6: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UP group default qlen 1000
    link/ether 0a:58:0a:c8:01:03 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    inet 10.200.1.3/24 brd 10.200.1.255 scope global eth0
       valid_lft forever preferred_lft forever
`,
    ],
    ['ip -br a', 'lo               UNKNOWN        127.0.0.1/8 \neth0@if6         UP             10.200.1.3/24 \n'],
    [
      'ip route show',
      'default via 10.200.1.1 dev eth0 \n10.200.0.0/16 via 10.200.1.1 dev eth0 \n10.200.1.0/24 dev eth0 proto kernel scope link src 10.200.1.3 \n',
    ],
    [
      'netstat -tln',
      `Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       
tcp        0      0 0.0.0.0:80              0.0.0.0:*               LISTEN      
`,
    ],
    [
      'netstat -uln',
      `Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       
udp        0      0 0.0.0.0:9000            0.0.0.0:*                           
`,
    ],
    [
      'ss -tln',
      `State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      4096         0.0.0.0:80        0.0.0.0:*          
`,
    ],
  ])('%s', (command, printed) => {
    expect(said('web', command)).toBe(printed);
  });
});

it("a pod of the machine's network sees the machine's", () => {
  expect(said('machine', 'ip -4 -o a').match(/\S+ {4}inet \S+/g)).toEqual([
    'lo    inet 127.0.0.1/8',
    'eth0    inet 192.168.0.11/24',
    'flannel.1    inet 10.200.1.0/32',
    'cni0    inet 10.200.1.1/24',
  ]);
  expect(said('machine', 'ip link')).toMatch(
    /\n5: veth\w+@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue master cni0 qlen 1000\n/,
  );
  expect(said('machine', 'ip route')).toContain('default via 192.168.0.1 dev eth0 \n10.200.1.0/24 dev cni0 scope link  src 10.200.1.1 \n');
  expect(said('machine', 'netstat -tln')).toMatch(/ 127\.0\.0\.1:10248 .*\n(.*\n)*tcp .* 0\.0\.0\.0:10250 /);
});

it('where nobody listens there are only the headings', () => {
  expect(said('box', 'netstat -tln').split('\n')).toHaveLength(3);
});
