/**
 * Containers that join a running pod, and that only its subresource ephemeralcontainers takes.
 * Upstream: pkg/registry/core/pod/strategy.go podEphemeralContainersStrategy, pkg/apis/core/validation/validation.go validateEphemeralContainers, ValidatePodEphemeralContainersUpdate (v1.36).
 * Simplified: a refused change comes without its diff.
 */
import { duplicate, forbidden, notFound, type FieldError } from '../machinery/field-error.ts';
import { sameJson } from '../machinery/patch/same-json.ts';
import type { V1EphemeralContainer, V1Pod } from '../schema/kubernetes.ts';
import { validateCommon, type ContainerPlace } from './validate-container.ts';

const AT = 'spec.ephemeralContainers';
const MIRROR = 'kubernetes.io/config.mirror';
const WHY = 'cannot be set for an Ephemeral Container';
/** A pod should not rely on them. */
const NOT_THEIRS = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const;
const isSet = (value: unknown): boolean => value !== undefined && value !== null && Object.keys(value).length > 0;

/** Those of a pod's spec. */
export function validateEphemeralContainers(place: ContainerPlace): readonly FieldError[] {
  const others = new Set([...place.spec.containers, ...(place.spec.initContainers ?? [])].map((c) => c.name));
  const names = new Set(others);
  return (place.spec.ephemeralContainers ?? []).flatMap((c, i) => {
    const at = `${AT}[${i}]`;
    const isDouble = names.has(c.name);
    names.add(c.name);
    return [
      ...validateCommon(c, at, place),
      ...(isDouble ? [duplicate(`${at}.name`, c.name)] : []),
      ...(c.targetContainerName && !others.has(c.targetContainerName)
        ? [notFound(`${at}.targetContainerName`, c.targetContainerName)]
        : []),
      ...NOT_THEIRS.filter((field) => isSet(c[field])).map((field) => forbidden(`${at}.${field}`, WHY)),
      ...(c.volumeMounts ?? []).flatMap((mount, j) =>
        (['subPath', 'subPathExpr'] as const).flatMap((field) =>
          mount[field] ? [forbidden(`${at}.volumeMounts[${j}].${field}`, WHY)] : [],
        ),
      ),
    ];
  });
}

/** They may come, and stay as they are. */
export function validateEphemeralUpdate(next: V1Pod, old: V1Pod): readonly FieldError[] {
  if (old.metadata?.annotations?.[MIRROR] !== undefined) return [forbidden('', 'static pods do not support ephemeral containers')];
  const now = new Map((next.spec?.ephemeralContainers ?? []).map((c): readonly [string, V1EphemeralContainer] => [c.name, c]));
  return (old.spec?.ephemeralContainers ?? []).flatMap((c) =>
    sameJson(now.get(c.name), c)
      ? []
      : [forbidden(AT, `existing ephemeral containers ${JSON.stringify(c.name)} may not be ${now.has(c.name) ? 'changed' : 'removed'}\n`)],
  );
}
