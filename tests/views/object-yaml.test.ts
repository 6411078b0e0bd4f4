/** The YAML that the inspector shows. */
import { expect, it } from 'vitest';
import { toYaml } from '../../src/api/manifest/print.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { shownYaml } from '../../src/views/object-yaml.ts';

const object = (annotations: Readonly<Record<string, string>>): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', annotations } }) as KubeObject;

it('leaves out the copy that kubectl apply keeps, and nothing else', () => {
  expect(shownYaml(object({ 'kubectl.kubernetes.io/last-applied-configuration': '{"kind":"Service"}\n', team: 'shop' }))).toBe(
    "apiVersion: v1\nkind: Service\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{…}'\n    team: shop\n  name: web\n",
  );
  expect(shownYaml(object({ team: 'shop' }))).toBe(toYaml(object({ team: 'shop' })));
});
