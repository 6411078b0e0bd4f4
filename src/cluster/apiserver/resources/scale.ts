/** The scale subresource of workloads. Upstream: pkg/registry/apps/deployment/storage/storage.go, ScaleREST (v1.36). Simplified: nothing. */
import type { V1LabelSelector, V1Scale } from '../../../api/schema/kubernetes.ts';
import { formatLabelSelector } from '../../../api/machinery/labels.ts';
import { badRequest, invalid } from '../../../api/machinery/status.ts';
import { invalid as invalidField } from '../../../api/machinery/field-error.ts';
import type { KubeObject } from '../../../api/object.ts';
import { decode } from '../check-body.ts';
import type { Subresource } from './resource.ts';

type Scalable = KubeObject & {
  readonly spec?: { readonly replicas?: number; readonly selector?: V1LabelSelector };
  readonly status?: { readonly replicas?: number };
};

export const scale: Subresource = {
  write(current, body) {
    const decoded = decode('V1Scale', (body ?? {}) as KubeObject, 'Ignore');
    if ('error' in decoded) return { status: badRequest(`Scale in version "v1" cannot be handled as a Scale: ${decoded.error}`) };
    const replicas = (decoded.object as V1Scale).spec?.replicas ?? 0;
    const name = current.metadata?.name ?? '';
    if (replicas < 0)
      return {
        status: invalid({ group: 'autoscaling', kind: 'Scale' }, name, [
          invalidField('spec.replicas', replicas, 'must be greater than or equal to 0'),
        ]),
      };
    return { object: { ...current, spec: { ...(current as Scalable).spec, replicas } } as KubeObject };
  },
  show(object) {
    const { metadata, spec, status } = object as Scalable;
    return {
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: {
        name: metadata?.name,
        namespace: metadata?.namespace,
        uid: metadata?.uid,
        resourceVersion: metadata?.resourceVersion,
        creationTimestamp: metadata?.creationTimestamp,
      },
      spec: spec?.replicas === undefined ? {} : { replicas: spec.replicas },
      status: { replicas: status?.replicas ?? 0, selector: spec?.selector ? formatLabelSelector(spec.selector) : '' },
    };
  },
};
