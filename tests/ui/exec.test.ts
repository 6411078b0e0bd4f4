import { expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import type { Picture } from '../../src/story/picture.ts';
import { execCommand } from '../../src/ui/terminal/exec.ts';

const pictureOf = (ready: 'True' | 'Unknown'): Picture => ({
  objects: new Map(
    Object.entries({
      '/registry/minions/oak': { kind: 'Node', metadata: { name: 'oak' }, status: { conditions: [{ type: 'Ready', status: ready }] } },
      '/registry/pods/default/web': {
        kind: 'Pod',
        metadata: { name: 'web', namespace: 'default' },
        spec: { nodeName: 'oak' },
        status: { phase: 'Running' },
      },
    }) as unknown as [string, KubeObject][],
  ),
  actors: new Map(),
  at: 0,
  revision: 1,
});
const command = (line: string, ready: 'True' | 'Unknown' = 'True'): unknown => execCommand(line.split(' '), pictureOf(ready));
const connect = (to: string): object => ({ do: 'connect', connect: { from: 'default/web', to } });

it('kubectl exec that prints a page or an address becomes a command whose packets are told', () => {
  expect(command('exec web -- curl http://web')).toEqual(connect('http://web'));
  expect(command('exec -it pod/web -c web -- curl -sS web:80/x')).toEqual(connect('web:80/x'));
  expect(command('exec web -- wget -qO- web')).toEqual(connect('web'));
  expect(command('exec web -- nslookup web')).toEqual({ do: 'lookup', lookup: { from: 'default/web', name: 'web' } });
});

it('curl alone asks where kubectl runs', () =>
  expect(command('curl localhost:8080')).toEqual({ do: 'connect', connect: { from: 'laptop', to: 'localhost:8080' } }));

it.each([
  'exec web -- curl -sI web',
  'exec web -- curl -s -o /dev/null -w %{http_code} web',
  'exec web -- curl web -m 5',
  'exec web -- wget web',
  'exec web -- ls /',
  'exec nobody -- curl web',
  'get pods',
])("%s is kubectl's own", (line) => {
  expect(command(line)).toBeUndefined();
});

it('a kubelet that is not heard of runs nothing', () => {
  expect(command('exec web -- curl http://web', 'Unknown')).toBeUndefined();
});
