/**
 * A pod's runtime class must be there, and what its sandbox costs is the class's to say.
 * Upstream: plugin/pkg/admission/runtimeclass/admission.go (v1.36). Simplified: there are no RuntimeClass objects yet, so every class is missing.
 */
import type { V1Pod } from '../../../../api/schema/kubernetes.ts';
import { forbidden } from '../../../../api/machinery/status.ts';
import { knownName, type AdmissionPlugin, type Attributes } from '../admission.ts';

const isMeant = ({ operation, info }: Attributes): boolean =>
  operation === 'CREATE' && info.kind.plural === 'pods' && info.subresource === undefined;

export default {
  name: 'RuntimeClass',
  order: 200,
  admit(attributes) {
    const { object } = attributes;
    const name = isMeant(attributes) ? (object as V1Pod).spec?.runtimeClassName : undefined;
    return name
      ? { status: forbidden('pods', knownName(object), `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`) }
      : { object };
  },
  validate(attributes) {
    const { object } = attributes;
    if (!isMeant(attributes) || Object.keys((object as V1Pod).spec?.overhead ?? {}).length === 0) return undefined;
    return forbidden(
      'pods',
      object.metadata?.name ?? '',
      'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    );
  },
} satisfies AdmissionPlugin;
