/**
 * Defaults of a pod and of a pod template.
 * Upstream: pkg/apis/core/v1/defaults.go, zz_generated.defaults.go (v1.36). Simplified: the defaults of vendors' volumes are not filled in.
 */
import { canonicalQuantity } from '../machinery/quantity.ts';
import type {
  V1Container,
  V1DownwardAPIVolumeFile,
  V1EnvVar,
  V1HTTPGetAction,
  V1Lifecycle,
  V1LifecycleHandler,
  V1PodSpec,
  V1PodTemplateSpec,
  V1Probe,
  V1ResourceRequirements,
  V1Volume,
  V1VolumeProjection,
} from '../schema/kubernetes.ts';
import { defaultPodResources } from './pod-resources.ts';
import { omit } from '../../lib/omit.ts';
import { withMore } from '../../lib/with-more.ts';

type Amounts = Readonly<Record<string, string>>;

/** A pod's own: its requests follow its limits, its host ports follow hostNetwork, it gets service links, and its grace is not less than nothing (conversion.go Convert_v1_Pod_To_core_Pod). */
export function defaultPodSpec(spec: V1PodSpec): V1PodSpec {
  const defaulted = defaultTemplateSpec(spec);
  const own = (c: V1Container): V1Container => withHostPorts(withRequests(c), spec.hostNetwork === true);
  const containers = {
    containers: defaulted.containers.map(own),
    ...(defaulted.initContainers ? { initContainers: defaulted.initContainers.map(own) } : {}),
  };
  const resources = spec.resources && defaultPodResources({ ...containers, resources: defaultResources(spec.resources) });
  return withMore(defaulted, {
    ...containers,
    ...(resources ? { resources } : {}),
    enableServiceLinks: spec.enableServiceLinks ?? true,
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0 ? { terminationGracePeriodSeconds: 1 } : {}),
  });
}

export const defaultTemplate = (template: V1PodTemplateSpec | undefined): V1PodTemplateSpec => ({
  ...template,
  metadata: template?.metadata ?? {},
  spec: defaultTemplateSpec(template?.spec ?? { containers: [] }),
});

function defaultTemplateSpec(spec: V1PodSpec): V1PodSpec {
  return {
    ...spec,
    containers: (spec.containers ?? []).map(defaultContainer),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(defaultContainer) } : {}),
    ...(spec.ephemeralContainers ? { ephemeralContainers: spec.ephemeralContainers.map(defaultContainer) } : {}),
    ...(spec.volumes ? { volumes: spec.volumes.map(defaultVolume) } : {}),
    restartPolicy: spec.restartPolicy || 'Always',
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    dnsPolicy: spec.dnsPolicy || 'ClusterFirst',
    securityContext: spec.securityContext ?? {},
    schedulerName: spec.schedulerName || 'default-scheduler',
    ...(spec.overhead ? { overhead: canonical(spec.overhead) } : {}),
  };
}

function defaultContainer(container: V1Container): V1Container {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  const isOff = lifecycle?.stopSignal !== undefined && !lifecycle.postStart && !lifecycle.preStop;
  return {
    ...(isOff ? omit(container, LIFECYCLE) : container),
    resources: defaultResources(container.resources),
    terminationMessagePath: container.terminationMessagePath || '/dev/termination-log',
    terminationMessagePolicy: container.terminationMessagePolicy || 'File',
    imagePullPolicy: container.imagePullPolicy || pullPolicy(container.image),
    ...(container.ports ? { ports: container.ports.map((port) => ({ ...port, protocol: port.protocol || 'TCP' })) } : {}),
    ...(container.env ? { env: container.env.map(defaultEnv) } : {}),
    ...(livenessProbe ? { livenessProbe: defaultProbe(livenessProbe) } : {}),
    ...(readinessProbe ? { readinessProbe: defaultProbe(readinessProbe) } : {}),
    ...(startupProbe ? { startupProbe: defaultProbe(startupProbe) } : {}),
    ...(lifecycle && !isOff ? { lifecycle: defaultLifecycle(lifecycle) } : {}),
  };
}
const LIFECYCLE: ReadonlySet<string> = new Set(['lifecycle']);
const STOP_SIGNAL: ReadonlySet<string> = new Set(['stopSignal']);

/** The tag of an image reference; 'latest' when it has neither tag nor digest, '' when it has only a digest. */
function imageTag(image: string): string {
  const [name, digest] = image.split('@');
  const colon = name.lastIndexOf(':');
  if (colon > name.lastIndexOf('/')) return name.slice(colon + 1);
  return digest === undefined ? 'latest' : '';
}

const pullPolicy = (image = ''): string => (imageTag(image) === 'latest' ? 'Always' : 'IfNotPresent');

const canonical = (amounts: Amounts): Amounts =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, canonicalQuantity(amount)]));

function defaultResources(resources: V1ResourceRequirements | undefined): V1ResourceRequirements {
  return {
    ...resources,
    ...(resources?.limits ? { limits: canonical(resources.limits) } : {}),
    ...(resources?.requests ? { requests: canonical(resources.requests) } : {}),
  };
}

/** Requests that are not given are the limits. */
function withRequests(container: V1Container): V1Container {
  const { resources } = container;
  return resources?.limits
    ? { ...container, resources: { ...resources, requests: { ...resources.limits, ...resources.requests } } }
    : container;
}

function withHostPorts(container: V1Container, isOnHost: boolean): V1Container {
  return isOnHost && container.ports
    ? { ...container, ports: container.ports.map((port) => ({ ...port, hostPort: port.hostPort || port.containerPort })) }
    : container;
}

const defaultHttpGet = (action: V1HTTPGetAction): V1HTTPGetAction => ({
  ...action,
  path: action.path || '/',
  scheme: action.scheme || 'HTTP',
});

function defaultProbe(probe: V1Probe): V1Probe {
  return {
    ...probe,
    timeoutSeconds: probe.timeoutSeconds || 1,
    periodSeconds: probe.periodSeconds || 10,
    successThreshold: probe.successThreshold || 1,
    failureThreshold: probe.failureThreshold || 3,
    ...(probe.httpGet ? { httpGet: defaultHttpGet(probe.httpGet) } : {}),
    ...(probe.grpc ? { grpc: { ...probe.grpc, service: probe.grpc.service ?? '' } } : {}),
  };
}

/** Stop signals are alpha, and off: what is said of them is not kept. Upstream: pkg/api/pod/util.go dropContainerStopSignals. */
function defaultLifecycle(lifecycle: V1Lifecycle): V1Lifecycle {
  const handler = (h: V1LifecycleHandler): V1LifecycleHandler => (h.httpGet ? { ...h, httpGet: defaultHttpGet(h.httpGet) } : h);
  return {
    ...omit(lifecycle, STOP_SIGNAL),
    ...(lifecycle.postStart ? { postStart: handler(lifecycle.postStart) } : {}),
    ...(lifecycle.preStop ? { preStop: handler(lifecycle.preStop) } : {}),
  };
}

const defaultEnv = (variable: V1EnvVar): V1EnvVar =>
  variable.valueFrom ? { ...variable, valueFrom: { ...variable.valueFrom, ...defaultRefs(variable.valueFrom) } } : variable;

type Refs = Pick<V1DownwardAPIVolumeFile, 'fieldRef' | 'resourceFieldRef'>;

/** What a pod tells of itself is named in the first version, in whole units. */
function defaultRefs({ fieldRef, resourceFieldRef }: Refs): Refs {
  return {
    ...(fieldRef ? { fieldRef: { ...fieldRef, apiVersion: fieldRef.apiVersion || 'v1' } } : {}),
    ...(resourceFieldRef ? { resourceFieldRef: { ...resourceFieldRef, divisor: canonicalQuantity(resourceFieldRef.divisor ?? '0') } } : {}),
  };
}

const MODE = 420;

function defaultVolume(volume: V1Volume): V1Volume {
  const { configMap, secret, projected, downwardAPI, hostPath, emptyDir, image } = volume;
  return {
    ...volume,
    ...(configMap ? { configMap: { ...configMap, defaultMode: configMap.defaultMode ?? MODE } } : {}),
    ...(secret ? { secret: { ...secret, defaultMode: secret.defaultMode ?? MODE } } : {}),
    ...(downwardAPI
      ? { downwardAPI: { ...downwardAPI, ...defaultFiles(downwardAPI.items), defaultMode: downwardAPI.defaultMode ?? MODE } }
      : {}),
    ...(projected
      ? {
          projected: {
            ...projected,
            defaultMode: projected.defaultMode ?? MODE,
            ...(projected.sources ? { sources: projected.sources.map(defaultProjection) } : {}),
          },
        }
      : {}),
    ...(image ? { image: { ...image, pullPolicy: image.pullPolicy || pullPolicy(image.reference) } } : {}),
    ...(hostPath ? { hostPath: { ...hostPath, type: hostPath.type ?? '' } } : {}),
    ...(emptyDir?.sizeLimit === undefined ? {} : { emptyDir: { ...emptyDir, sizeLimit: canonicalQuantity(emptyDir.sizeLimit) } }),
    ...(Object.keys(volume).every((field) => field === 'name') ? { emptyDir: {} } : {}),
  };
}

const defaultFiles = (items: readonly V1DownwardAPIVolumeFile[] | undefined): { readonly items?: readonly V1DownwardAPIVolumeFile[] } =>
  items ? { items: items.map((file) => ({ ...file, ...defaultRefs(file) })) } : {};

function defaultProjection(source: V1VolumeProjection): V1VolumeProjection {
  const { serviceAccountToken: token, downwardAPI } = source;
  return {
    ...source,
    ...(token ? { serviceAccountToken: { ...token, expirationSeconds: token.expirationSeconds ?? 3600 } } : {}),
    ...(downwardAPI ? { downwardAPI: { ...downwardAPI, ...defaultFiles(downwardAPI.items) } } : {}),
  };
}
