/**
 * Lets every pod stay five minutes on a machine that is not ready or unreachable.
 * Upstream: plugin/pkg/admission/defaulttolerationseconds/admission.go (v1.36). Simplified: nothing.
 */
import type { V1Pod, V1Toleration } from '../../../../api/schema/kubernetes.ts';
import { deepFreeze } from '../../../../lib/deep-freeze.ts';
import { withMore } from '../../../../lib/with-more.ts';
import type { AdmissionPlugin } from '../admission.ts';

const SECONDS = 300;
const GIVEN: readonly V1Toleration[] = deepFreeze(
  ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) => ({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: SECONDS,
  })),
);

export default {
  name: 'DefaultTolerationSeconds',
  order: 140,
  admit({ operation, info, object }) {
    if (operation === 'DELETE' || info.kind.plural !== 'pods' || info.subresource !== undefined) return { object };
    const pod = object as V1Pod;
    const has = pod.spec?.tolerations ?? [];
    const added = GIVEN.filter(({ key }) => !has.some((t) => (t.key === key || !t.key) && (t.effect === 'NoExecute' || !t.effect)));
    return added.length === 0 || !pod.spec
      ? { object }
      : { object: { ...pod, spec: withMore(pod.spec, { tolerations: [...has, ...added] }) } };
  },
} satisfies AdmissionPlugin;
