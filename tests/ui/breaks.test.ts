/** What can be broken is where something runs. */
import { expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import type { Picture } from '../../src/story/picture.ts';
import { breaksAt } from '../../src/ui/transport/breaks.ts';

const pictureOf = (machines: number, homes: readonly string[]): Picture => ({
  objects: new Map<string, KubeObject>([
    ...Array.from({ length: machines }, (_, i): [string, KubeObject] => [
      `/registry/minions/m${i}`,
      { apiVersion: 'v1', kind: 'Node', metadata: { name: `m${i}` } },
    ]),
    ...homes.map((nodeName, i): [string, KubeObject] => [
      `/registry/pods/default/p${i}`,
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: `p${i}`, namespace: 'default' }, spec: { nodeName } } as KubeObject,
    ]),
  ]),
  actors: new Map(),
  at: 0,
  revision: 1,
});
const cut = (picture: Picture): readonly string[] =>
  breaksAt(picture, undefined).flatMap(({ label }) => /^cut (\S+) off$/.exec(label)?.slice(1) ?? []);

it('lists all of a few machines, in their order', () => expect(cut(pictureOf(5, ['m4', 'm2']))).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']));

it('lists of many machines first those where something runs', () =>
  expect(cut(pictureOf(40, ['m30', 'm12', 'm30']))).toEqual(['m12', 'm30', 'm0', 'm1', 'm10']));
