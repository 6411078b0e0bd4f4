/** A cluster boots without what commands need: in the page that code is still on its way. docs/decisions/0008. */
import { expect, it } from 'vitest';
import { boot, engineWith } from '../../src/engine/core.ts';
import { clusterRoles, rulesOf } from '../../src/engine/rules.ts';
import { late } from '../../src/cluster/late.ts';

it.each(['kubeadm', 'minikube'] as const)('%s boots without the late parts', (name) => {
  const engine = engineWith(rulesOf(clusterRoles), { topology: { name } });
  boot(engine);
  expect(engine.world.now).toBeGreaterThan(0);
  expect(late).toThrow('a command comes after the code that it needs');
});
