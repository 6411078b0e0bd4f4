/** Commands of small images. Sources: the manuals of curl, busybox and GNU coreutils; nginx's and Apache's documentation of their access logs. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { V1ContainerStateTerminated, V1Pod } from '../../src/api/schema/kubernetes.ts';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

let cluster: Cluster;
beforeAll(() => {
  cluster = openCluster({ topology: { workers: 1 } });
  for (const image of ['nginx', 'httpd']) cluster.kubectl(`run ${image} --image=${image}`);
  cluster.settle(60);
});

describe('curl and wget', () => {
  it.each<readonly [string, string, string, number]>([
    [
      'curl -s localhost/nope',
      '<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center></body></html>\n',
      '',
      0,
    ],
    ['curl -s -o /dev/null -w %{http_code}\\n localhost', '200\n', '', 0],
    ['curl -so/dev/null -w "%{http_code}\\n" localhost/nope', '404\n', '', 0],
    ['curl --silent --output /tmp/page --write-out=%{response_code}\\n http://localhost:80/', '200\n', '', 0],
    ['curl -sI localhost/nope', 'HTTP/1.1 404 Not Found\r\nContent-Length: 106\r\n\r\n', '', 0],
    ['curl -f localhost/nope', '', 'curl: (22) The requested URL returned error: 404\n', 22],
    ['curl -sf localhost/nope', '', '', 22],
    ['curl -sS localhost:81', '', 'curl: (7) Failed to connect to localhost port 81: Connection refused\n', 7],
    ['curl -s localhost:81', '', '', 7],
    ['curl -s -w %{http_code}\\n localhost:81', '000\n', '', 7],
    ['curl -sm5 http://nobody', '', '', 6],
    ['curl --max-time 5 http://nobody', '', 'curl: (6) Could not resolve host: nobody\n', 6],
    ['wget -qO- localhost/nope', '', 'wget: server returned error: HTTP/1.1 404 Not Found\n', 1],
    ['wget -q -T 3 -O /dev/null localhost', '', '', 0],
  ])('%s', (command, out, err, status) => {
    const result = cluster.kubectl(`exec nginx -- ${command}`);
    expect(result.exitCode).toBe(status);
    expect(result.stdout + result.stderr).toBe(out + err + (status === 0 ? '' : `command terminated with exit code ${status}\n`));
  });
});

/** What a script prints, and its complaints. */
function saidBy(script: string): readonly [string, string] {
  const { stdout, stderr } = cluster.kubectl(['exec', 'nginx', '--', 'sh', '-c', script]);
  return [stdout, stderr.replace(/command terminated.*\n$/, '')];
}

describe('redirections, as dash 0.5 carries them out, with the words of busybox', () => {
  it.each([
    ['echo a >&2', '', 'a\n'],
    ['cat /none 2>/dev/null; echo $?', '1\n', ''],
    ['cat /none 2>&1 | wc -l', '1\n', ''],
    ['cat /none >/tmp/x 2>&1; cat /tmp/x', "cat: can't open '/none': No such file or directory\n", ''],
    ['cat /none 2>&1 >/dev/null', "cat: can't open '/none': No such file or directory\n", ''],
    ['cat /none >/dev/null', '', "cat: can't open '/none': No such file or directory\n"],
    ['echo a 1>&2 2>/dev/null', '', 'a\n'],
    ['echo one >/tmp/y; echo two >>/tmp/y; cat /tmp/y', 'one\ntwo\n', ''],
    ['{ echo a; cat /none; } 2>/dev/null', 'a\n', ''],
    ['{ echo a; echo b; } >/tmp/z; echo c; cat /tmp/z', 'c\na\nb\n', ''],
    ['echo old >/tmp/w; for i in 1 2; do echo $i; done >/tmp/w; cat /tmp/w', '1\n2\n', ''],
    ['echo old >/tmp/v; for i in 1 2; do echo $i; done >>/tmp/v; cat /tmp/v', 'old\n1\n2\n', ''],
    ['if true; then echo yes; fi >&2', '', 'yes\n'],
    ['echo "2>&1" a2', '2>&1 a2\n', ''],
    ['echo x 2>/tmp/e; cat /tmp/e', 'x\n', ''],
    ['cat /none 2>/tmp/e2; cat /tmp/e2', "cat: can't open '/none': No such file or directory\n", ''],
    ['cat /none 2>/dev/null || echo fallback', 'fallback\n', ''],
    ['if cat /none 2>/dev/null; then echo a; else echo b >&2; fi', '', 'b\n'],
  ])('%s', (script, out, err) => {
    expect(saidBy(script)).toEqual([out, err]);
  });
  it('&> is both, as bash has it', () => {
    expect(cluster.kubectl('exec nginx -- sh -c "cat /none &>/tmp/both; cat /tmp/both"').stdout).toBe(
      "cat: can't open '/none': No such file or directory\n",
    );
  });
});

describe('filters, as busybox 1.35 has them', () => {
  it.each([
    ['printf "b\\na\\nb\\n" | sort', 'a\nb\nb\n', ''],
    ['printf "b\\na\\nb\\n" | sort -u', 'a\nb\n', ''],
    ['printf "10\\n9\\n2\\n" | sort -n', '2\n9\n10\n', ''],
    ['printf "10\\n9\\n2\\n" | sort -nr', '10\n9\n2\n', ''],
    ['printf "a\\na\\nb\\n" | uniq', 'a\nb\n', ''],
    ['printf "a\\na\\nb\\n" | uniq -c', '      2 a\n      1 b\n', ''],
    ['printf "a b\\nc\\n" | wc -l', '2\n', ''],
    ['printf "a b\\nc\\n" | wc -w', '3\n', ''],
    ['printf "a b\\nc\\n" | wc -c', '6\n', ''],
    ['printf "a b\\nc\\n" | wc', '        2         3         6\n', ''],
    ['printf "a b\\nc" >/tmp/f; wc -l /tmp/f', '1 /tmp/f\n', ''],
    ['echo a:b:c | cut -d: -f2', 'b\n', ''],
    ['echo a:b:c | cut -d : -f 1,3', 'a:c\n', ''],
    ['echo a:b:c | cut -d: -f2-', 'b:c\n', ''],
    ['echo abcdef | cut -c2-4', 'bcd\n', ''],
    ['echo abc | tr a-z A-Z', 'ABC\n', ''],
    ['echo "a  b   c" | tr -s " "', 'a b c\n', ''],
    ['echo a1b2 | tr -d 0-9', 'ab\n', ''],
    ['echo Hello | tr "[:upper:]" "[:lower:]"', 'hello\n', ''],
    ['echo a,b | tr , "\\n"', 'a\nb\n', ''],
    ['echo a | tee /tmp/t; cat /tmp/t', 'a\na\n', ''],
    ['echo b | tee -a /tmp/t2 >/dev/null; cat /tmp/t2', 'b\n', ''],
    ['echo z >/tmp/g; sort /tmp/g /none', '', 'sort: /none: No such file or directory\n'],
  ])('%s', (script, out, err) => {
    expect(saidBy(script)).toEqual([out, err]);
  });
});

describe('head and tail', () => {
  it.each([
    ['head -n 2 /f', '1\n2\n'],
    ['head -2 /f', '1\n2\n'],
    ['head -c 2 /f', '1\n'],
    ['head -c4 /f', '1\n2\n'],
    ['tail -c 3 /f', '12\n'],
    ['tail -n 2 /f', '11\n12\n'],
    ['tail -n2 /f', '11\n12\n'],
    ['tail -1 /f', '12\n'],
    ['tail -n +11 /f', '11\n12\n'],
    ['tail /f', '3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n'],
  ])('%s', (command, out) => {
    cluster.kubectl('exec nginx -- sh -c "seq 1 12 > /f"');
    expect(cluster.kubectl(`exec nginx -- ${command}`).stdout).toBe(out);
  });
});

/** Source: POSIX.1-2024, 9.3 Basic and 9.4 Extended Regular Expressions. */
describe('grep', () => {
  it.each([
    ['egrep "nameserver|search" /r', 'search a b\nnameserver 10.254.0.10\n', 0],
    ['grep "nameserver|search" /r', '', 1],
    ['grep "^name\\|^sea" /r', 'search a b\nnameserver 10.254.0.10\n', 0],
    ['grep -oE "[0-9]+$" /r', '10\n5\n', 0],
    ['grep -c --color=never "[[:digit:]]" /r', '2\n', 0],
    ['fgrep 0.1 /r', 'nameserver 10.254.0.10\n', 0],
    ['grep -vi SEARCH /r', 'nameserver 10.254.0.10\noptions ndots:5\n', 0],
    ['grep -w name /r', '', 1],
    ['grep -F "a.b" /r', '', 1],
  ])('%s', (command, out, status) => {
    cluster.kubectl('exec nginx -- sh -c "printf \'search a b\\nnameserver 10.254.0.10\\noptions ndots:5\\n\' > /r"');
    const result = cluster.kubectl(`exec nginx -- ${command}`);
    expect([result.stdout, result.exitCode]).toEqual([out, status]);
  });
});

/** Source: bind 9.20, bin/dig/{dig,dighost,nslookup}.c; the answers are CoreDNS'. */
describe('dig and nslookup', () => {
  const server = 'Server:\t\t10.254.0.10\nAddress:\t10.254.0.10#53\n\n';
  const soa = 'cluster.local.\t30\tIN\tSOA\tns.dns.cluster.local. hostmaster.cluster.local. 1 7200 1800 86400 30';
  it.each([
    ['dig +short kubernetes.default.svc.cluster.local', '10.254.0.1\n', 0],
    ['dig +short kubernetes.default', '', 0],
    ['dig +search +short kubernetes.default', '10.254.0.1\n', 0],
    ['dig +short -x 10.254.0.1', 'kubernetes.default.svc.cluster.local.\n', 0],
    [
      'dig @10.254.0.10 -t srv _https._tcp.kubernetes.default.svc.cluster.local. +short',
      '0 100 443 kubernetes.default.svc.cluster.local.\n',
      0,
    ],
    ['nslookup 10.254.0.1', '1.0.254.10.in-addr.arpa\tname = kubernetes.default.svc.cluster.local.\n', 0],
    ['nslookup 10.254.0.99', "** server can't find 99.0.254.10.in-addr.arpa: NXDOMAIN\n", 1],
    [
      'nslookup -type=srv _https._tcp.kubernetes.default',
      `${server}_https._tcp.kubernetes.default.svc.cluster.local\tservice = 0 100 443 kubernetes.default.svc.cluster.local.\n`,
      0,
    ],
    [
      'nslookup -q=AAAA kubernetes.default.svc.cluster.local.',
      `${server}*** Can't find kubernetes.default.svc.cluster.local: No answer\n`,
      1,
    ],
  ])('%s', (command, out, status) => {
    const result = cluster.kubectl(`exec nginx -- ${command}`);
    expect([result.stdout, result.exitCode]).toEqual([out, status]);
  });
  it('dig prints question, answer and authority', () => {
    const sections = (name: string): string => cluster.kubectl(`exec nginx -- dig ${name}`).stdout.replace(/id: \d+/, 'id: 1');
    const head = (status: string, answers: number): string =>
      `;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: ${status}, id: 1\n;; flags: qr aa rd; QUERY: 1, ANSWER: ${answers}, AUTHORITY: ${1 - answers}, ADDITIONAL: 1\n;; WARNING: recursion requested but not available\n\n`;
    expect(sections('kubernetes.default.svc.cluster.local')).toBe(
      `; <<>> DiG 9.20.15 <<>> kubernetes.default.svc.cluster.local\n${head('NOERROR', 1)};; QUESTION SECTION:\n;kubernetes.default.svc.cluster.local.\t\tIN\tA\n\n;; ANSWER SECTION:\nkubernetes.default.svc.cluster.local.\t30\tIN\tA\t10.254.0.1\n\n;; SERVER: 10.254.0.10#53(10.254.0.10) (UDP)\n\n`,
    );
    expect(sections('nobody.default.svc.cluster.local')).toContain(
      `${head('NXDOMAIN', 0)};; QUESTION SECTION:\n;nobody.default.svc.cluster.local.\t\tIN\tA\n\n;; AUTHORITY SECTION:\n${soa}\n\n`,
    );
  });
  it('say that nobody answered', () => {
    cluster.kubectl('scale deployment coredns -n kube-system --replicas=0');
    cluster.settle();
    const unreached = ';; connection timed out; no servers could be reached\n';
    for (const [command, status] of [
      ['nslookup kubernetes.default', 1],
      ['dig kubernetes', 9],
    ] as const) {
      const result = cluster.kubectl(`exec nginx -- ${command}`);
      expect([result.stdout, result.exitCode]).toEqual([unreached, status]);
    }
    expect(cluster.kubectl('exec nginx -- wget -qO- kubernetes.default').stderr).toContain("wget: bad address 'kubernetes.default'");
    cluster.kubectl('scale deployment coredns -n kube-system --replicas=2');
    cluster.settle();
  });
});

describe('an access log', () => {
  it("has nginx's combined format and Apache's common one", () => {
    for (const name of ['nginx', 'httpd']) cluster.kubectl(`exec ${name} -- curl -s localhost/`);
    expect(cluster.kubectl('logs nginx --tail=1').stdout).toMatch(
      /^127\.0\.0\.1 - - \[\d\d\/May\/2026:09:\d\d:\d\d \+0000\] "GET \/ HTTP\/1\.1" 200 \d+ "-" "curl\/8[\d.]+" "-"\n$/,
    );
    expect(cluster.kubectl('logs httpd --tail=1').stdout).toMatch(
      /^127\.0\.0\.1 - - \[\d\d\/May\/2026:09:\d\d:\d\d \+0000\] "GET \/ HTTP\/1\.1" 200 \d+\n$/,
    );
  });

  it("names the machine's bridge for a probe", () => {
    cluster.kubectl(
      'apply -f -',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'probed' },
        spec: { containers: [{ name: 'c', image: 'nginx', readinessProbe: { httpGet: { port: 80 } } }] },
      }),
    );
    cluster.settle(60);
    const gateway = cluster.kubectl('get pod probed -o jsonpath={.status.podIP}').stdout.replace(/\d+$/, '1');
    expect(cluster.kubectl('logs probed').stdout).toContain(`${gateway} - - [`);
    expect(cluster.kubectl('logs probed').stdout).toContain('"kube-probe/1.36"');
  });
});

it('a name that exists and has no such record is no error, though the other names of the search list do not exist: glibc res_nsearch', () => {
  cluster.kubectl('expose pod nginx --port=80');
  cluster.settle(60);
  expect(cluster.lookup({ from: 'default/nginx', name: 'nginx', type: 'AAAA' })).toMatchObject({ rcode: 'NOERROR', answers: [] });
  expect(cluster.lookup({ from: 'default/nginx', name: 'nobody', type: 'AAAA' })).toMatchObject({ rcode: 'NXDOMAIN', answers: [] });
});

describe('SIGTERM and process 1, as dash and the kernel have it', () => {
  let made = 0;
  /** Its last word, its exit code, and the seconds from the deletion on. */
  function ended(script: string): readonly [string | undefined, number | undefined, number] {
    const name = `t${++made}`;
    cluster.kubectl(
      'apply -f -',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, finalizers: ['a/b'] },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 10,
          containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', script] }],
        },
      }),
    );
    cluster.settle(60);
    cluster.advance(3);
    cluster.kubectl(`delete pod ${name} --wait=false`);
    const from = cluster.now;
    const end = (): V1ContainerStateTerminated | undefined =>
      (cluster.request({ method: 'GET', path: `/api/v1/namespaces/default/pods/${name}` }).body as V1Pod).status?.containerStatuses?.[0]
        .state?.terminated;
    while (end() === undefined && cluster.now < from + 30) cluster.advance(0.1);
    const result = [end()?.message, end()?.exitCode, Math.round(cluster.now - from)] as const;
    cluster.kubectl(`patch pod ${name} --type=merge -p {"metadata":{"finalizers":null}}`);
    return result;
  }
  it.each<readonly [string, string | undefined, number, number]>([
    ['sleep 1000', undefined, 137, 10],
    ['trap "" TERM; while true; do sleep 1; done', undefined, 137, 10],
    ['trap "echo bye >/dev/termination-log; exit 7" TERM; while true; do sleep 1; done', 'bye\n', 7, 0],
    ['trap "echo bye >/dev/termination-log; exit 7" TERM; sleep 1000', undefined, 137, 10],
    ['trap "echo bye >/dev/termination-log; exit 7" TERM; sleep 1000 & wait', 'bye\n', 7, 0],
    ['trap "echo bye >/dev/termination-log" SIGTERM; sleep infinity & wait $!; echo after >>/dev/termination-log', 'bye\nafter\n', 0, 0],
    ['trap "sleep 2; exit 0" TERM; tail -f /dev/null & wait', undefined, 0, 2],
    ['trap "exit 3" TERM; trap - TERM; while true; do sleep 1; done', undefined, 137, 10],
    ['trap "echo bye" EXIT; while true; do sleep 1; done', undefined, 137, 10],
  ])('%s', (script, out, code, seconds) => {
    expect(ended(script)).toEqual([out, code, seconds]);
  });
});

// POSIX.1-2024, 2.12: a trap is run when the command is over that ran as the signal came, here the kill itself.
it('a shell that signals itself runs its trap at once, and one whose trap does so does not run away', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const scripts = {
    once: 'trap "echo bye; exit 7" TERM; kill 1; sleep 1000',
    ever: 'trap "kill 1" TERM; kill 1; while true; do sleep 1; done',
  };
  for (const [name, script] of Object.entries(scripts))
    cluster.request({
      method: 'POST',
      path: '/api/v1/namespaces/default/pods',
      body: {
        metadata: { name },
        spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox:1.37', command: ['sh', '-c', script] }] },
      },
    });
  cluster.advance(10);
  expect(
    cluster.kubectl('get pods -o jsonpath={range.items[*]}{.status.containerStatuses[0].state.*.exitCode},{.status.phase};{end}').stdout,
  ).toBe(',Running;7,Failed;');
  expect(cluster.kubectl('logs once').stdout).toBe('bye\n');
});
