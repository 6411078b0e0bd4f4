/** Pods and machines of upstream's tables of topology spread, in a few letters. */
import type { V1Node, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { labelsOf, node, placed } from './objects.ts';

const words = (text: string): readonly string[] => text.split(' ').filter(Boolean);
const UNSCHEDULABLE = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** 'a/zone1+foo+rack=r!': a machine's name, its zone, other labels; '!' when it is tainted as unschedulable, '#' when it is cordoned off. */
export const machinesOf = (text: string): readonly V1Node[] =>
  words(text).map((word) => {
    const [place, ...labels] = word.replace(/[!#]/, '').split('+');
    const [name, zone] = place.split('/');
    const metadata = { name, labels: { node: name, ...(zone ? { zone } : {}), ...labelsOf(labels.join(',')) } };
    const spec = word.endsWith('!') ? { taints: [UNSCHEDULABLE] } : { unschedulable: word.endsWith('#') };
    return node(name, undefined, { metadata, spec });
  });

/** 'a:foo,bar=b@ns1!': where a pod is, its labels and namespace; '!' when it is being deleted. */
export const podsOf = (text: string): readonly V1Pod[] =>
  words(text).map((word, i) => {
    const [at, rest] = word.replace('!', '').split(':');
    const [labels, namespace = 'default'] = rest.split('@');
    const deletionTimestamp = word.endsWith('!') ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {};
    return placed(`p${i}`, at, [], { namespace, labels: labelsOf(labels), ...deletionTimestamp });
  });

/** One constraint, of pods that have the label. */
export const spread = (whenUnsatisfiable: string, topologyKey: string, label: string, more: object = {}): object => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable,
  labelSelector: { matchExpressions: [{ key: label, operator: 'Exists' }] },
  ...more,
});
export const must = (topologyKey: string, label: string, more?: object): object => spread('DoNotSchedule', topologyKey, label, more);
