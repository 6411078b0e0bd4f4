/** Defaults of a pod and of a pod template. Upstream: pkg/apis/core/v1/defaults.go (v1.36). Simplified: volumes' own defaults are those of the common types. */
import type { V1Container, V1PodSpec, V1PodTemplateSpec, V1Probe, V1ResourceRequirements, V1Volume } from '../schema/kubernetes.ts';

const defaultProbe = (probe: V1Probe | undefined): V1Probe | undefined => probe && {
  ...probe, timeoutSeconds: probe.timeoutSeconds || 1, periodSeconds: probe.periodSeconds || 10, successThreshold: probe.successThreshold || 1, failureThreshold: probe.failureThreshold || 3,
  ...(probe.httpGet ? { httpGet: { ...probe.httpGet, path: probe.httpGet.path || '/', scheme: probe.httpGet.scheme || 'HTTP' } } : {}),
};

/** The tag of an image reference; 'latest' when it has neither tag nor digest. */
export function imageTag(image: string): string {
  if (image.includes('@')) return '';
  const colon = image.lastIndexOf(':');
  return colon > image.lastIndexOf('/') ? image.slice(colon + 1) : 'latest';
}

/** Requests that are not given are the limits. */
function defaultResources(resources: V1ResourceRequirements | undefined): V1ResourceRequirements {
  if (!resources?.limits) return resources ?? {};
  const requests: Record<string, string> = { ...resources.requests };
  for (const [name, value] of Object.entries(resources.limits)) if (!Object.hasOwn(requests, name)) requests[name] = value;
  return { ...resources, requests };
}

export function defaultContainer(container: V1Container): V1Container {
  const { livenessProbe, readinessProbe, startupProbe } = container;
  return {
    ...container,
    resources: defaultResources(container.resources),
    terminationMessagePath: container.terminationMessagePath ?? '/dev/termination-log',
    terminationMessagePolicy: container.terminationMessagePolicy ?? 'File',
    ...(container.image === undefined && container.imagePullPolicy === undefined ? {} : { imagePullPolicy: container.imagePullPolicy ?? (imageTag(container.image ?? '') === 'latest' ? 'Always' : 'IfNotPresent') }),
    ...(container.ports ? { ports: container.ports.map((port) => ({ ...port, protocol: port.protocol ?? 'TCP' })) } : {}),
    ...(livenessProbe ? { livenessProbe: defaultProbe(livenessProbe) } : {}),
    ...(readinessProbe ? { readinessProbe: defaultProbe(readinessProbe) } : {}),
    ...(startupProbe ? { startupProbe: defaultProbe(startupProbe) } : {}),
    ...(container.env ? { env: container.env.map((v) => (v.valueFrom?.fieldRef ? { ...v, valueFrom: { ...v.valueFrom, fieldRef: { ...v.valueFrom.fieldRef, apiVersion: v.valueFrom.fieldRef.apiVersion ?? 'v1' } } } : v)) } : {}),
  };
}

const defaultVolume = (volume: V1Volume): V1Volume => ({
  ...volume,
  ...(volume.configMap ? { configMap: { ...volume.configMap, defaultMode: volume.configMap.defaultMode ?? 420 } } : {}),
  ...(volume.secret ? { secret: { ...volume.secret, defaultMode: volume.secret.defaultMode ?? 420 } } : {}),
  ...(volume.projected ? { projected: { ...volume.projected, defaultMode: volume.projected.defaultMode ?? 420 } } : {}),
  ...(volume.hostPath ? { hostPath: { ...volume.hostPath, type: volume.hostPath.type ?? '' } } : {}),
  ...(Object.keys(volume).length === 1 ? { emptyDir: {} } : {}),
});

export function defaultPodSpec(spec: V1PodSpec): V1PodSpec {
  const ports = spec.hostNetwork ? (c: V1Container): V1Container => (c.ports ? { ...c, ports: c.ports.map((p) => ({ ...p, hostPort: p.hostPort ?? p.containerPort })) } : c) : (c: V1Container): V1Container => c;
  return {
    ...spec,
    containers: (spec.containers ?? []).map((c) => ports(defaultContainer(c))),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map((c) => ports(defaultContainer(c))) } : {}),
    ...(spec.volumes ? { volumes: spec.volumes.map(defaultVolume) } : {}),
    restartPolicy: spec.restartPolicy ?? 'Always', terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30, dnsPolicy: spec.dnsPolicy ?? 'ClusterFirst',
    securityContext: spec.securityContext ?? {}, schedulerName: spec.schedulerName ?? 'default-scheduler',
    ...(spec.serviceAccount && !spec.serviceAccountName ? { serviceAccountName: spec.serviceAccount } : {}),
    ...(spec.serviceAccountName && !spec.serviceAccount ? { serviceAccount: spec.serviceAccountName } : {}),
  };
}

export const defaultTemplate = (template: V1PodTemplateSpec | undefined): V1PodTemplateSpec => ({ ...template, metadata: template?.metadata ?? {}, spec: defaultPodSpec(template?.spec ?? { containers: [] }) });
