/** Golden transcripts: behaviour as text, reviewed like code. Rewritten by `npx vitest run tests/stories/transcripts -u`. */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { transcript } from '../../src/story/transcript.ts';

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec: {containers: [{name: c, image: "nginx:1.29"}]}\n';
const DEPLOYMENT =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "registry.k8s.io/pause:3.10.1"}]}}}\n';

function run(args: string, stdin: string, prepare = ''): string {
  const cluster = openCluster();
  if (prepare) {
    cluster.kubectl('apply -f -', prepare);
    cluster.settle();
    cluster.advance(15);
  }
  const before = [...cluster.trace()].length;
  cluster.kubectl(args, stdin);
  cluster.settle();
  return transcript([...cluster.trace()].slice(before));
}

describe('transcripts', () => {
  it.each([
    ['create-pod', 'create -f -', POD, ''],
    ['apply-deployment', 'apply -f -', DEPLOYMENT, ''],
    ['delete-pod', 'delete pod one --wait=false', '', POD],
    ['apply-unchanged', 'apply -f -', DEPLOYMENT, DEPLOYMENT],
  ])('%s', async (name, args, stdin, prepare) => {
    const text = run(args, stdin, prepare);
    expect(text.split('\n').length).toBeLessThanOrEqual(82);
    await expect(text).toMatchFileSnapshot(`./${name}.trace.txt`);
  });
});
