/**
 * A pod bears the labels that say where its machine is.
 * Upstream: plugin/pkg/admission/podtopologylabels/admission.go, on since v1.35 (v1.36). Simplified: what a Binding gets is added where it is carried out.
 */
import type { V1Pod } from '../../../../api/schema/kubernetes.ts';
import type { ServerView } from '../../view.ts';
import type { AdmissionPlugin } from '../admission.ts';

const LABELS = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

/** Those of a machine; undefined when it has none, or is not there. */
export function topologyLabels(machine: string, view: ServerView): Readonly<Record<string, string>> | undefined {
  const labels = view.get('nodes', machine)?.metadata?.labels ?? {};
  const found = LABELS.flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]] as const]));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

export default {
  name: 'PodTopologyLabels',
  order: 240,
  admit({ operation, info, object }, view) {
    const machine =
      operation === 'CREATE' && info.kind.plural === 'pods' && info.subresource === undefined
        ? (object as V1Pod).spec?.nodeName
        : undefined;
    const labels = machine ? topologyLabels(machine, view) : undefined;
    return { object: labels ? { ...object, metadata: { ...object.metadata, labels: { ...labels, ...object.metadata?.labels } } } : object };
  },
} satisfies AdmissionPlugin;
