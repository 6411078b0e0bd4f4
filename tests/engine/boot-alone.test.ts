/** A cluster boots without what commands need: in the page that code is still on its way. docs/decisions/0008. */
import { expect, it, vi } from 'vitest';

it.each(['kubeadm', 'minikube'] as const)('%s boots without the late parts', async (name) => {
  // Other tests bring them.
  vi.resetModules();
  const { boot, engineWith } = await import('../../src/engine/core.ts');
  const { clusterRoles, rulesOf } = await import('../../src/engine/rules.ts');
  const { late } = await import('../../src/cluster/late.ts');
  const engine = engineWith(rulesOf(clusterRoles), { topology: { name } });
  boot(engine);
  expect(engine.world.now).toBeGreaterThan(0);
  expect(late).toThrow('a command comes after the code that it needs');
});
