/** Pods and machines of upstream's tables of affinity between pods, in a few words. */
import type { V1Node, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import { labelsOf, node, pod } from './objects.ts';

/** 'a region=r1,zone=z1; b region=r1' */
export const machinesOf = (text: string): readonly V1Node[] =>
  text.split('; ').map((one) => {
    const [name, labels = ''] = one.split(' ');
    return node(name, undefined, { metadata: { name, labels: labelsOf(labels) } });
  });

/** 'service in a,b', 'service notin a', 'service', '!service'; several with ' & '. */
const selectorOf = (text: string): object => ({
  matchExpressions: text.split(' & ').map((one) => {
    const [key, operator, values = ''] = one.split(' ');
    if (operator) return { key, operator: operator === 'in' ? 'In' : 'NotIn', values: values.split(',') };
    return key.startsWith('!') ? { key: key.slice(1), operator: 'DoesNotExist' } : { key, operator: 'Exists' };
  }),
});
/** '5 service in a,b @region': a weight where one is wanted, what is selected, the topology key; several with '; '. `more`: the same for all. */
const termsOf = (text: string, more: object): readonly object[] =>
  text.split('; ').map((one) => {
    const [selector, topologyKey] = one.split(' @');
    const weight = Number.parseInt(selector, 10);
    const term = (expression: string): object => ({ labelSelector: selectorOf(expression), topologyKey, ...more });
    return Number.isNaN(weight) ? term(selector) : { weight, podAffinityTerm: term(selector.slice(String(weight).length + 1)) };
  });

export interface Wants {
  readonly near?: string;
  readonly far?: string;
  readonly likes?: string;
  readonly dislikes?: string;
  /** Namespaces and their selector, of every term. */
  readonly within?: { readonly namespaces?: readonly string[]; readonly namespaceSelector?: object };
}
/** 'a=b,c@namespace': labels and namespace of a pod; `on`: its machine. */
export function podOf(is: string, { near, far, likes, dislikes, within = {} }: Wants = {}, on?: string): V1Pod {
  const [labels, namespace = 'default'] = is.split('@');
  const of = (required?: string, preferred?: string): object => ({
    ...(required ? { requiredDuringSchedulingIgnoredDuringExecution: termsOf(required, within) } : {}),
    ...(preferred ? { preferredDuringSchedulingIgnoredDuringExecution: termsOf(preferred, within) } : {}),
  });
  const affinity = { podAffinity: of(near, likes), podAntiAffinity: of(far, dislikes) };
  return pod('p', [], { affinity, ...(on ? { nodeName: on } : {}) }, { labels: labelsOf(labels), namespace });
}

/** Upstream: plugin_test.go namespaces. */
export const namespaces: readonly KubeObject[] = ['subteam1.team1', 'subteam2.team1', 'subteam1.team2', 'subteam2.team2'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { team: name.split('.')[1] } },
}));
export const ofTeam1 = { namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'In', values: ['team1'] }] } };
