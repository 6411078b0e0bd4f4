/** The containers of a pod or of a template, as the set commands change them. Upstream: pkg/cmd/set/helper.go, pkg/polymorphichelpers/updatepodspec.go (v1.36). Simplified: a star in a container's name is greedy. */
import { threeWayPatch } from '../api/machinery/patch/apply.ts';
import type { KubeObject } from '../api/object.ts';
import type { V1Container, V1PodSpec, V1PodTemplateSpec } from '../api/schema/kubernetes.ts';
import type { Patch } from './patching.ts';
import type { Target } from './targets.ts';

interface WithPods extends KubeObject {
  readonly spec?: V1PodSpec & { readonly template?: V1PodTemplateSpec };
}

export const podSpecOf = (object: KubeObject): V1PodSpec | undefined => {
  const { spec } = object as WithPods;
  return object.kind === 'Pod' ? spec : spec?.template?.spec;
};
/** First those that go on, then those that end. */
export const containersOf = (spec: V1PodSpec): readonly V1Container[] => [...spec.containers, ...(spec.initContainers ?? [])];

const withPodSpec = (object: KubeObject, spec: V1PodSpec): KubeObject => {
  const { spec: own } = object as WithPods;
  return { ...object, spec: object.kind === 'Pod' ? spec : { ...own, template: { ...own?.template, spec } } } as KubeObject;
};

/** Whether --containers means this one. */
export const isMeant = (name: string, containers = '*'): boolean =>
  new RegExp(
    `^${containers
      .split('*')
      .map((part) => part.replace(/[^\w-]/g, '\\$&'))
      .join('.*')}$`,
  ).test(name);

export const noTemplate = ({ kind, name }: Target): Patch => ({
  error: `error: ${kind.plural}/${name} the object is not a pod or does not have a pod template: *v1.${kind.kind}\n`,
  goesOn: true,
});

/** What changes every container so; undefined when none differs. */
export function containersPatch(
  current: KubeObject,
  { kind }: Target,
  change: (container: V1Container) => V1Container,
): object | undefined {
  const spec = podSpecOf(current);
  if (!spec) return undefined;
  const { containers, initContainers } = spec;
  const modified = withPodSpec(current, {
    ...spec,
    containers: containers.map(change),
    ...(initContainers ? { initContainers: initContainers.map(change) } : {}),
  });
  const body = threeWayPatch({ original: current, modified, current, model: kind.model });
  return Object.keys(body).length === 0 ? undefined : body;
}
