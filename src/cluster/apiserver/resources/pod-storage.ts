/**
 * The binding subresource: the only way a pod gets a machine after it exists; ephemeralcontainers, by which containers join it; and resize.
 * Upstream: pkg/registry/core/pod/storage/storage.go, BindingREST.setPodNodeAndMetadata, EphemeralContainersREST, ResizeREST (v1.36). Simplified: nothing.
 */
import type { V1Binding, V1Pod, V1PodCondition, V1PodSpec } from '../../../api/schema/kubernetes.ts';
import { notSupported, required, type FieldError } from '../../../api/machinery/field-error.ts';
import { badRequest, conflict, invalid } from '../../../api/machinery/status.ts';
import type { KubeObject } from '../../../api/object.ts';
import { topologyLabels } from '../admission/plugins/pod-topology-labels.ts';
import { late } from '../../late.ts';
import { decode } from '../check-body.ts';
import { defaultPodSpec } from '../../../api/pods/defaults.ts';
import { validateEphemeralUpdate } from '../../../api/pods/ephemeral.ts';
import { validatePod } from '../../../api/pods/validate.ts';
import type { Resource, Subresource } from './resource.ts';

const POD = { group: '', kind: 'Pod' };

const specOf = ({ spec }: V1Pod): V1PodSpec => spec ?? { containers: [] };

/** A subresource that takes one part of a pod. `changed`: the pod with what was sent of it. */
function ofPart(changed: (old: V1Pod, sent: V1Pod) => V1Pod, validate: (next: V1Pod, old: V1Pod) => readonly FieldError[]): Subresource {
  return {
    model: 'V1Pod',
    write(current, body) {
      const old = current as V1Pod;
      const decoded = decode('V1Pod', (body ?? {}) as KubeObject, 'Ignore');
      if ('error' in decoded) return { status: badRequest(`Pod in version "v1" cannot be handled as a Pod: ${decoded.error}`) };
      const next = changed(old, decoded.object as V1Pod);
      const pod = { ...next, spec: defaultPodSpec(specOf(next)) };
      const errors = [...validatePod(pod), ...validate(pod, old)];
      return errors.length > 0 ? { status: invalid(POD, old.metadata?.name ?? '', errors) } : { object: pod as KubeObject };
    },
    show: (object) => object,
  };
}

export default {
  plural: 'pods',
  group: '',
  subresources: {
    binding: {
      write(current, body, view) {
        const pod = current as V1Pod;
        const target = (body as V1Binding).target?.name ?? '';
        const name = pod.metadata?.name ?? '';
        const kind = (body as V1Binding).target?.kind;
        const errors = [
          ...(kind && kind !== 'Node' ? [notSupported('target.kind', kind, ['Node', '<empty>'])] : []),
          ...(target === '' ? [required('target.name')] : []),
        ];
        if (errors.length > 0) return { status: invalid({ group: '', kind: 'Binding' }, name, errors) };
        if (pod.metadata?.deletionTimestamp)
          return { status: conflict('pods/binding', name, `pod ${name} is being deleted, cannot be assigned to a host`) };
        if (pod.spec?.schedulingGates?.length)
          return { status: conflict('pods/binding', name, `pod ${name} has non-empty .spec.schedulingGates`) };
        if (pod.spec?.nodeName)
          return { status: conflict('pods/binding', name, `pod ${name} is already assigned to node "${pod.spec.nodeName}"`) };
        const scheduled: V1PodCondition = {
          type: 'PodScheduled',
          status: 'True',
          lastProbeTime: null,
          lastTransitionTime: view.now,
          observedGeneration: pod.metadata?.generation,
        };
        const conditions = [...(pod.status?.conditions ?? []).filter((c) => c.type !== 'PodScheduled'), scheduled];
        return {
          object: {
            ...pod,
            metadata: withMetadataOf(body as V1Binding, pod.metadata, topologyLabels(target, view)),
            spec: { ...pod.spec, nodeName: target },
            status: { ...withoutNomination(pod.status), conditions },
          } as KubeObject,
        };
      },
      show: () => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }),
    },
    ephemeralcontainers: ofPart(
      (old, sent) => ({ ...old, spec: { ...specOf(old), ephemeralContainers: sent.spec?.ephemeralContainers } }),
      validateEphemeralUpdate,
    ),
    resize: ofPart(
      (old, sent) => late().withResources(old, sent),
      (next, old) => late().validateResize(next, old),
    ),
  },
} satisfies Resource;

/** What a Binding says of its pod counts more than what the pod said itself. */
function withMetadataOf(
  { metadata }: V1Binding,
  pod: V1Pod['metadata'],
  topology: Readonly<Record<string, string>> | undefined,
): V1Pod['metadata'] {
  const merged = (
    own: Readonly<Record<string, string>> | undefined,
    ...more: readonly (Readonly<Record<string, string>> | undefined)[]
  ): object | undefined => (more.some((one) => one !== undefined) ? (Object.assign({}, own, ...more) as object) : undefined);
  const [labels, annotations] = [merged(pod?.labels, topology, metadata?.labels), merged(pod?.annotations, metadata?.annotations)];
  return labels || annotations
    ? ({ ...pod, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) } as V1Pod['metadata'])
    : pod;
}

/** Upstream: ClearingNominatedNodeNameAfterBinding, on since v1.35. */
function withoutNomination(status: V1Pod['status']): V1Pod['status'] {
  if (status?.nominatedNodeName === undefined) return status;
  const { nominatedNodeName: _, ...rest } = status;
  return rest;
}
