/**
 * What may change in a pod that exists.
 * Upstream: pkg/apis/core/validation/validation.go ValidatePodUpdate (v1.36). Simplified: the diff that upstream appends to its complaint is not there.
 */
import { duplicate, forbidden, invalid, type FieldError } from '../machinery/field-error.ts';
import { ipErrors, isIpv6 } from '../machinery/ip-rules.ts';
import { malformedName } from '../machinery/names.ts';
import { sameJson } from '../machinery/patch/same-json.ts';
import type {
  V1Affinity,
  V1Container,
  V1NodeAffinity,
  V1NodeSelectorRequirement,
  V1NodeSelectorTerm,
  V1Pod,
  V1PodSpec,
  V1Toleration,
} from '../schema/kubernetes.ts';
import { qosClass } from './qos.ts';

const MUTABLE = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');
const LONGEST_DEADLINE = 2147483647;
const MIRROR = 'kubernetes.io/config.mirror';

/** Containers that came or went, or a deadline out of bounds, end the search. */
export function validatePodUpdate(next: V1Pod, old: V1Pod): readonly FieldError[] {
  const [now, was] = [next.spec, old.spec];
  const marks = mirrorErrors(next, old);
  if (now?.containers.length !== was?.containers.length)
    return [...marks, forbidden('spec.containers', 'pod updates may not add or remove containers')];
  if ((now?.initContainers ?? []).length !== (was?.initContainers ?? []).length)
    return [...marks, forbidden('spec.initContainers', 'pod updates may not add or remove containers')];
  const deadline = deadlineErrors(now?.activeDeadlineSeconds, was?.activeDeadlineSeconds);
  if (deadline.length > 0 && typeof now?.activeDeadlineSeconds === 'number') return [...marks, ...deadline];
  const gates = new Set((was?.schedulingGates ?? []).map((gate) => gate.name));
  const changes = [
    ...marks,
    ...deadline,
    ...tolerationErrors(now?.tolerations ?? [], was?.tolerations ?? []),
    ...(now?.schedulingGates ?? []).flatMap((gate, i) =>
      gates.has(gate.name)
        ? []
        : [forbidden(`spec.schedulingGates[${i}].name`, `only deletion is allowed, but found new scheduling gate '${gate.name}'`)],
    ),
  ];
  if (sameJson(now, was)) return changes;
  const isGated = gates.size > 0;
  return [
    ...changes,
    ...(qosClass(now) === qosClass(was) ? [] : [invalid('metadata', next.status?.qosClass ?? '', 'Pod QoS is immutable')]),
    ...(isGated ? placementErrors(now, was) : []),
    ...(sameJson(fixed(now, isGated), fixed(was, isGated)) && graceIsKept(now, was)
      ? []
      : [forbidden('spec', `pod updates may not change fields other than ${MUTABLE}`)]),
  ];
}

/** A pod from a file stays one. */
function mirrorErrors(next: V1Pod, old: V1Pod): readonly FieldError[] {
  const [now, was] = [next.metadata?.annotations?.[MIRROR], old.metadata?.annotations?.[MIRROR]];
  if (now === was) return [];
  return [
    forbidden(
      `metadata.annotations[${MIRROR}]`,
      was === undefined ? 'may not add mirror pod annotation' : 'may not remove or update mirror pod annotation',
    ),
  ];
}

function deadlineErrors(next: number | undefined, old: number | undefined): readonly FieldError[] {
  const field = 'spec.activeDeadlineSeconds';
  if (typeof next !== 'number')
    return typeof old === 'number' ? [invalid(field, null, 'must not update from a positive integer to nil value')] : [];
  if (next < 0 || next > LONGEST_DEADLINE) return [invalid(field, next, `must be between 0 and ${LONGEST_DEADLINE}, inclusive`)];
  return typeof old === 'number' && old < next ? [invalid(field, next, 'must be less than or equal to previous value')] : [];
}

/** An old toleration stays, save for its seconds. */
function tolerationErrors(next: readonly V1Toleration[], old: readonly V1Toleration[]): readonly FieldError[] {
  const same = (a: V1Toleration, b: V1Toleration): boolean => sameJson({ ...a, tolerationSeconds: 0 }, { ...b, tolerationSeconds: 0 });
  return old.every((toleration) => next.some((other) => same(toleration, other)))
    ? []
    : [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')];
}

/** While a pod is gated, where it may go can be narrowed. */
function placementErrors(next: V1PodSpec | undefined, old: V1PodSpec | undefined): readonly FieldError[] {
  const isKept = Object.entries(old?.nodeSelector ?? {}).every(([key, value]) => next?.nodeSelector?.[key] === value);
  return [
    ...(isKept
      ? []
      : [
          invalid(
            'spec.nodeSelector',
            next?.nodeSelector ?? {},
            'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
          ),
        ]),
    ...termErrors(termsOf(next?.affinity?.nodeAffinity), termsOf(old?.affinity?.nodeAffinity)),
  ];
}

const termsOf = (affinity: V1NodeAffinity | undefined): readonly V1NodeSelectorTerm[] =>
  affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];

function termErrors(next: readonly V1NodeSelectorTerm[], old: readonly V1NodeSelectorTerm[]): readonly FieldError[] {
  const field = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
  if (old.length > 0 && old.length !== next.length)
    return [invalid(field, next, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed')];
  return old.flatMap((term, i) =>
    onlyAdds(next[i], term) ? [] : [invalid(`${field}[${i}]`, next[i], 'only additions are allowed (no mutations or deletions)')],
  );
}

function onlyAdds(next: V1NodeSelectorTerm, old: V1NodeSelectorTerm): boolean {
  const count = (term: V1NodeSelectorTerm): number => (term.matchExpressions?.length ?? 0) + (term.matchFields?.length ?? 0);
  const startsWith = (
    list: readonly V1NodeSelectorRequirement[] | undefined,
    start: readonly V1NodeSelectorRequirement[] | undefined,
  ): boolean => sameJson((list ?? []).slice(0, start?.length ?? 0), start ?? []);
  return (
    (count(old) > 0 || count(next) === 0) &&
    startsWith(next.matchExpressions, old.matchExpressions) &&
    startsWith(next.matchFields, old.matchFields)
  );
}

/** Only a negative grace may change, to one second. */
function graceIsKept(next: V1PodSpec | undefined, old: V1PodSpec | undefined): boolean {
  const [now, was] = [next?.terminationGracePeriodSeconds, old?.terminationGracePeriodSeconds];
  return now === was || (was !== undefined && was < 0 && now === 1);
}

/** The spec with everything that may change blanked. */
function fixed(spec: V1PodSpec | undefined, isGated: boolean): unknown {
  const bare = (c: V1Container): V1Container => ({ ...c, image: '' });
  const placement = isGated ? { nodeSelector: {}, affinity: withoutNodes(spec?.affinity) } : {};
  return {
    ...spec,
    containers: spec?.containers.map(bare),
    initContainers: (spec?.initContainers ?? []).map(bare),
    tolerations: [],
    activeDeadlineSeconds: 0,
    schedulingGates: [],
    terminationGracePeriodSeconds: 0,
    ...placement,
  };
}

function withoutNodes(affinity: V1Affinity | undefined): unknown {
  const { nodeAffinity: _nodes, ...others } = affinity ?? {};
  return others;
}

/** Upstream: ValidatePodStatusUpdate. */
export function validatePodStatusUpdate(next: V1Pod, old: V1Pod): readonly FieldError[] {
  const name = next.status?.nominatedNodeName;
  return [
    ...(name && name !== old.status?.nominatedNodeName ? malformedName(name, 'status.nominatedNodeName') : []),
    ...transitionErrors(next, old),
    ...addressErrors(next.status?.podIPs, 'status.podIPs'),
    ...hostErrors(next.status),
    ...addressErrors(next.status?.hostIPs, 'status.hostIPs'),
  ];
}

/** One of each family, each once. Upstream: validatePodIPs, validateHostIPs. */
function addressErrors(given: readonly { readonly ip?: string }[] | undefined, at: string): readonly FieldError[] {
  const ips = (given ?? []).map(({ ip = '' }) => ip);
  return [
    ...ips.flatMap((ip, i) => ipErrors(ip, `${at}[${i}]`)),
    ...(ips.length > 2 || (ips.length === 2 && isIpv6(ips[0]) === isIpv6(ips[1]))
      ? [
          invalid(
            at,
            ips.map((IP) => ({ IP })),
            'may specify no more than one IP for each IP family',
          ),
        ]
      : []),
    ...ips.flatMap((IP, i) => (ips.indexOf(IP) < i ? [duplicate(`${at}[${i}]`, { IP })] : [])),
  ];
}
const hostErrors = (status: V1Pod['status']): readonly FieldError[] => {
  const first = status?.hostIPs?.[0]?.ip;
  return first === undefined || first === status?.hostIP ? [] : [invalid('status.hostIPs[0].ip', first, 'must be equal to `hostIP`')];
};

/** What ended and is not to run again stays ended. Upstream: ValidateContainerStateTransition. */
function transitionErrors(next: V1Pod, old: V1Pod): readonly FieldError[] {
  const policy = old.spec?.restartPolicy;
  const sidecars = new Set((old.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always').map((c) => c.name));
  if (policy === 'Always') return [];
  return (['containerStatuses', 'initContainerStatuses'] as const).flatMap((field) =>
    (old.status?.[field] ?? []).flatMap((was, i) => {
      const ended = was.state?.terminated;
      if (!ended || (ended.exitCode !== 0 && policy === 'OnFailure') || sidecars.has(was.name) || mayRestart(old, was.name)) return [];
      const runs = next.status?.[field]?.some((now) => now.name === was.name && !now.state?.terminated) ?? false;
      return runs ? [forbidden(`status.${field}[${i}].state`, 'may not be transitioned to non-terminated state')] : [];
    }),
  );
}

/** A container may have a policy of its own. */
const mayRestart = ({ spec }: V1Pod, name: string): boolean =>
  [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].some(
    (c) => c.name === name && (c.restartPolicy !== undefined || c.restartPolicyRules !== undefined),
  );
