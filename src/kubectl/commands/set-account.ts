/** kubectl set serviceaccount and set selector. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/set/{set_serviceaccount,set_selector}.go (v1.36). Simplified: no --local. */
import type { V1Service } from '../../api/schema/kubernetes.ts';
import type { Command } from '../command.ts';
import { patching } from '../patching.ts';
import { noTemplate, podSpecOf } from '../pod-template.ts';

const account = patching({
  name: 'set serviceaccount',
  aliases: ['set sa'],
  readsFirst: true,
  refused: 'failed to patch ServiceAccountName ',
  words: ({ argv: { words } }) => (words.length === 0 ? { error: 'error: serviceaccount is required\n' } : words.slice(0, -1)),
  patchOf({ argv: { words } }, current, target) {
    const spec = podSpecOf(current);
    if (!spec) return noTemplate(target);
    const serviceAccountName = words[words.length - 1];
    return {
      body: { spec: current.kind === 'Pod' ? { serviceAccountName } : { template: { spec: { serviceAccountName } } } },
      word: 'serviceaccount updated',
    };
  },
});

const selector = patching({
  name: 'set selector',
  readsFirst: true,
  words: ({ argv: { words } }) => (words.length === 0 ? { error: 'error: one selector is required\n' } : words.slice(0, -1)),
  patchOf({ argv: { words, flags } }, current) {
    if (current.kind !== 'Service') return { error: 'error: setting a selector is only supported for Services\n', goesOn: true };
    const pairs = words[words.length - 1].split(',').map((pair) => pair.split('=') as [string, string]);
    const bare = pairs.find((pair) => pair.length < 2);
    if (bare) return { error: `error: match expression [{${bare[0]} Exists []}] not supported on this object\n`, goesOn: true };
    const wanted = Object.fromEntries(pairs);
    const had = (current as V1Service).spec?.selector ?? {};
    const resourceVersion = flags.get('resource-version');
    return {
      body: {
        ...(resourceVersion ? { metadata: { resourceVersion } } : {}),
        spec: { selector: { ...Object.fromEntries(Object.keys(had).map((key) => [key, null])), ...wanted } },
      },
      word: 'selector updated',
    };
  },
});

export default [account, selector] satisfies readonly Command[];
