/**
 * Other resources for the containers of a pod that is there, which only its subresource resize takes; whatever else is sent to it counts for nothing.
 * Upstream: pkg/registry/core/pod/strategy.go dropNonResizeUpdates, pkg/apis/core/validation/validation.go ValidatePodResize (v1.36). Simplified: nothing.
 */
import { forbidden, invalid, type FieldError } from '../machinery/field-error.ts';
import { sameJson } from '../machinery/patch/same-json.ts';
import type { V1Container, V1Pod } from '../schema/kubernetes.ts';
import { qosClass } from './qos.ts';

const MIRROR = 'kubernetes.io/config.mirror';
type Containers = readonly V1Container[] | undefined;

/** The pod with what was sent of its resources and of its containers'. */
export function withResources(old: V1Pod, sent: V1Pod): V1Pod {
  const taken = (containers: Containers = [], from: Containers = []): readonly V1Container[] =>
    containers.map((c) => {
      const wanted = from.find((other) => other.name === c.name);
      return wanted ? { ...c, resources: wanted.resources, ...(wanted.resizePolicy ? { resizePolicy: wanted.resizePolicy } : {}) } : c;
    });
  const { containers, initContainers } = old.spec ?? { containers: [] };
  return {
    ...old,
    spec: {
      ...old.spec,
      containers: taken(containers, sent.spec?.containers),
      ...(initContainers ? { initContainers: taken(initContainers, sent.spec?.initContainers) } : {}),
      ...(old.spec?.resources || sent.spec?.resources ? { resources: sent.spec?.resources } : {}),
    },
  };
}

export function validateResize(next: V1Pod, old: V1Pod): readonly FieldError[] {
  if (old.metadata?.annotations?.[MIRROR] !== undefined) return [forbidden('', 'static pods cannot be resized')];
  if (old.spec?.os?.name === 'windows') return [forbidden('', 'windows pods cannot be resized')];
  const each = (list: 'containers' | 'initContainers'): readonly FieldError[] =>
    (old.spec?.[list] ?? []).flatMap((was, i) => resizeErrors(next.spec?.[list]?.[i] ?? was, was, { list, i }));
  return [
    ...(qosClass(next.spec) === qosClass(old.spec)
      ? []
      : [invalid('spec', old.status?.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing')]),
    ...wholeErrors(next.spec?.resources, old.spec?.resources),
    ...each('initContainers'),
    ...each('containers'),
  ];
}

const AMOUNTS = ['requests', 'limits'] as const;
const RESIZABLE: ReadonlySet<string> = new Set(['cpu', 'memory']);

type Resources = V1Container['resources'];
const amountsOf = (resources: Resources, of: (typeof AMOUNTS)[number]): Readonly<Record<string, string>> => resources?.[of] ?? {};
const lost = (now: Resources, was: Resources): readonly (typeof AMOUNTS)[number][] =>
  AMOUNTS.filter((of) => Object.keys(amountsOf(was, of)).some((name) => amountsOf(now, of)[name] === undefined));
const othersOf = (resources: Resources): unknown =>
  AMOUNTS.map((of) => Object.fromEntries(Object.entries(amountsOf(resources, of)).filter(([name]) => !RESIZABLE.has(name))));

/** Upstream: validatePodLevelResourcesResize. */
function wholeErrors(now: Resources, was: Resources): readonly FieldError[] {
  if (was && !now) return [forbidden('spec.resources', 'pod-level resources cannot be removed')];
  return [
    ...lost(now, was).map((of) => forbidden(`spec.resources.${of}`, `pod-level resource ${of} cannot be removed`)),
    ...(sameJson(othersOf(now), othersOf(was)) ? [] : [forbidden('spec', 'only cpu and memory resources are mutable at pod-level')]),
  ];
}

function resizeErrors(
  now: V1Container,
  was: V1Container,
  { list, i }: { readonly list: 'containers' | 'initContainers'; readonly i: number },
): readonly FieldError[] {
  const isInit = list === 'initContainers';
  const at = isInit ? `spec.${list}[${i}]` : 'spec';
  return [
    ...lost(now.resources, was.resources).map((of) => forbidden(`spec.${list}[${i}].resources.${of}`, `resource ${of} cannot be removed`)),
    ...(sameJson(othersOf(now.resources), othersOf(was.resources))
      ? []
      : [forbidden(at, `only cpu and memory resources ${isInit ? 'for init or sidecar containers ' : ''}are mutable`)]),
    ...(isInit &&
    was.restartPolicy !== 'Always' &&
    !sameJson(now, was) &&
    now.resizePolicy?.some((p) => p.restartPolicy === 'RestartContainer')
      ? [forbidden(at, 'non-sidecar init containers with a resize policy of RestartContainer cannot be resized')]
      : []),
  ];
}
