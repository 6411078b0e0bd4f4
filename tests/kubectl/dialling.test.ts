/** Who is not answered says why. Words: kubectl's pkg/cmd/util/helpers.go StandardErrorMessage over the errors of Go's net/http (client.go, transport.go) and net (dial.go). */
import { describe, expect, it } from 'vitest';
import { openCluster, type Fault } from '../../src/engine/headless.ts';

function answered(fault: Fault, line = 'get nodes'): readonly [string, number, number] {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.fault(fault);
  const at = cluster.now;
  const { stderr, exitCode } = cluster.kubectl(line);
  return [stderr, exitCode, Math.round(cluster.now - at)];
}
const LATE = 'Unable to connect to the server: context deadline exceeded (Client.Timeout exceeded while awaiting headers)\n';
const NO_ROUTE = 'Unable to connect to the server: dial tcp 192.168.0.10:6443: connect: no route to host\n';
const STUCK = 'Unable to connect to the server: net/http: TLS handshake timeout\n';
const server = 'cp-1/kube-apiserver';

describe('a server that does not answer', () => {
  it.each<readonly [string, Fault, string, number]>([
    ['a machine that is off', { do: 'kill', what: 'cp-1' }, NO_ROUTE, 3],
    ['a machine that cannot be reached', { do: 'partition', a: 'laptop', b: 'cp-1' }, NO_ROUTE, 3],
    ['a process that is stuck', { do: 'pause', what: server }, STUCK, 10],
    [
      'nobody listens',
      { do: 'stop', what: server },
      'The connection to the server 192.168.0.10:6443 was refused - did you specify the right host or port?\n',
      0,
    ],
  ])('%s', (_name, fault, says, after) => expect(answered(fault)).toEqual([says, 1, after]));
  it('top asks it, too, before it says that there are no metrics', () =>
    expect(answered({ do: 'pause', what: server }, 'top node')).toEqual([STUCK, 1, 10]));
  it.each<Fault>([
    { do: 'kill', what: 'cp-1' },
    { do: 'partition', a: 'laptop', b: 'cp-1' },
    { do: 'pause', what: server },
  ])('is given up when --request-timeout says so: %j', (fault) => {
    expect(answered(fault, 'get nodes --request-timeout=2s')).toEqual([LATE, 1, 2]);
    expect(answered(fault, 'scale deploy web --replicas=2 --request-timeout=1')).toEqual([LATE, 1, 1]);
  });
  it('a timeout is a duration', () =>
    expect(answered({ do: 'kill', what: 'cp-1' }, 'get nodes --request-timeout=soon')[0]).toBe(
      'error: Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)\n',
    ));
  it('a watch ends with its request', () =>
    expect(answered({ do: 'slow', a: 'laptop', b: '', factor: 1 }, 'get node cp-1 -w --request-timeout=2s').slice(1)).toEqual([0, 2]));
  it('a slow wire is no broken one', () =>
    expect(answered({ do: 'slow', a: 'laptop', b: 'cp-1', factor: 300 }, 'get node cp-1 -o name')[1]).toBe(0));
});
