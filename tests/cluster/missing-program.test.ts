/** What is said of a program that is not there. Sources: Go's os/exec LookPath, and what runc's users report: `exec: "/bin/bash": stat /bin/bash: no such file or directory`, `exec: "ps": executable file not found in $PATH`. */
import { expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';

it.each([
  ['/nonexistent', 'exec: "/nonexistent": stat /nonexistent: no such file or directory'],
  ['bin/nonexistent', 'exec: "bin/nonexistent": stat bin/nonexistent: no such file or directory'],
  ['nonexistent', 'exec: "nonexistent": executable file not found in $PATH'],
])('%s', (command, why) => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const container = (name: string, more: object): object => ({ name, image: 'nginx:1.29', ...more });
  cluster.kubectl('apply -f -', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [container('bad', { command: [command] }), container('good', { readinessProbe: { exec: { command: [command] } } })] } }));
  cluster.advance(20);
  expect(cluster.kubectl(['get', 'pod', 'p', '-o', 'jsonpath={.status.containerStatuses[0].lastState.terminated.reason} {.status.containerStatuses[0].lastState.terminated.message}']).stdout).toMatch(new RegExp(`^StartError .*: ${why.replaceAll(/[$"/]/g, '\\$&')}$`));
  expect(cluster.kubectl(['exec', 'p', '-c', 'good', '--', command]).stderr).toContain(why);
  expect(cluster.kubectl('get events -o jsonpath={.items[*].message}').stdout).toContain(`Readiness probe failed: ${why}`);
});
