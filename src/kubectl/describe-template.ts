/** Pod templates and containers as kubectl describe writes them, cells parted by tabs. Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36). */
import { DAYS, MONTHS } from '../lib/calendar.ts';
import { formatLabelSelector } from '../api/machinery/labels.ts';
import { parseTime } from '../api/machinery/time.ts';
import { canonicalQuantity } from '../api/machinery/quantity.ts';
import { fieldValue, resourceValue } from '../cluster/kubelet/downward.ts';
import { goSorted } from '../lib/go-sort.ts';
import { annotations, byKey, multiline } from './describe-maps.ts';
import { volumes } from './describe-volumes.ts';
import type {
  V1Container,
  V1ContainerState,
  V1ContainerStatus,
  V1EnvVar,
  V1Pod,
  V1PodSpec,
  V1PodTemplateSpec,
  V1Probe,
  V1ResourceFieldSelector,
  V1ResourceRequirements,
  V1SeccompProfile,
  V1Toleration,
  V1TopologySpreadConstraint,
} from '../api/schema/kubernetes.ts';

/** 'Mon, 04 May 2026 09:00:25 +0000' */
export function rfc1123(instant: string | null | undefined): string {
  const ms = parseTime(instant ?? '');
  if (!instant || Number.isNaN(ms)) return '<unknown>';
  return `${DAYS[Math.floor(ms / 86_400_000) % 7]}, ${instant.slice(8, 10)} ${MONTHS[Number(instant.slice(5, 7)) - 1]} ${instant.slice(0, 4)} ${instant.slice(11, 19)} +0000`;
}

export function tolerations(title: string, list: readonly V1Toleration[] | undefined): string {
  const text = (t: V1Toleration): string =>
    `${t.key ?? ''}${t.value ? `=${t.value}` : ''}${t.effect ? `:${t.effect}` : ''}${t.operator === 'Exists' && !t.value ? (t.key || t.effect ? ' op=Exists' : 'op=Exists') : ''}${t.tolerationSeconds === undefined ? '' : ` for ${t.tolerationSeconds}s`}`;
  const lines = goSorted(list ?? [], (a, b) => (a.key ?? '') < (b.key ?? '')).map((t) => `${text(t)}\n`);
  return `${title}:\t${lines.length === 0 ? '<none>\n' : lines.join('\t')}`;
}

/** In the order of their keys; nothing without any. */
export function spreadText(title: string, list: readonly V1TopologySpreadConstraint[] | undefined): string {
  const lines = goSorted(list ?? [], (a, b) => a.topologyKey < b.topologyKey).map(
    (c) =>
      `${c.topologyKey}:${c.whenUnsatisfiable} when max skew ${c.maxSkew} is exceeded${c.labelSelector ? ` for selector ${formatLabelSelector(c.labelSelector)}` : ''}\n`,
  );
  return lines.length === 0 ? '' : `${title}:\t${lines.join(`${/^ */.exec(title)?.[0] ?? ''}\t`)}`;
}

function stateText(name: string, state: V1ContainerState | undefined): string {
  if (state?.running) return `    ${name}:\tRunning\n      Started:\t${rfc1123(state.running.startedAt)}\n`;
  if (state?.terminated) {
    const t = state.terminated;
    return `    ${name}:\tTerminated\n${t.reason ? `      Reason:\t${t.reason}\n` : ''}${t.message ? `      Message:\t${t.message}\n` : ''}      Exit Code:\t${t.exitCode}\n${t.signal ? `      Signal:\t${t.signal}\n` : ''}      Started:\t${rfc1123(t.startedAt)}\n      Finished:\t${rfc1123(t.finishedAt)}\n`;
  }
  return `    ${name}:\tWaiting\n${state?.waiting?.reason ? `      Reason:\t${state.waiting.reason}\n` : ''}`;
}

/** Upstream: net.JoinHostPort. */
export const joinHostPort = (host: string, port: number | string | undefined): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
/** Upstream: url.URL's EscapedPath, and the '/' it puts before a path without one. */
const pathText = (path: string): string =>
  (path === '' || path.startsWith('/') ? '' : '/') +
  encodeURI(path).replace(/[?#'()!*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function probeText(p: V1Probe): string {
  const attributes = `delay=${p.initialDelaySeconds ?? 0}s timeout=${p.timeoutSeconds ?? 1}s period=${p.periodSeconds ?? 10}s #success=${p.successThreshold ?? 1} #failure=${p.failureThreshold ?? 3}`;
  if (p.exec) return `exec [${(p.exec.command ?? []).join(' ')}] ${attributes}`;
  if (p.httpGet)
    return `http-get ${(p.httpGet.scheme ?? 'HTTP').toLowerCase()}://${joinHostPort(p.httpGet.host ?? '', p.httpGet.port)}${pathText(p.httpGet.path ?? '')} ${attributes}`;
  if (p.tcpSocket) return `tcp-socket ${p.tcpSocket.host ?? ''}:${p.tcpSocket.port} ${attributes}`;
  return p.grpc ? `grpc <pod>:${p.grpc.port} ${p.grpc.service ?? ''} ${attributes}` : `unknown ${attributes}`;
}

const NOWHERE = { podIP: '', hostIP: '', machine: '', allocatable: {} };
/** A limit that is not set is the machine's. */
function amountOf(ref: V1ResourceFieldSelector, container: V1Container): string {
  const value = resourceValue(ref, container, { ...NOWHERE, pod: {} });
  return value === '0' && (ref.resource === 'limits.cpu' || ref.resource === 'limits.memory') ? 'node allocatable' : value;
}

/** Of fields, only the two that the client library knows are told. Upstream: EnvValueRetriever, DefaultMetaV1FieldSelectorConversion. */
const TOLD: ReadonlySet<string> = new Set(['metadata.name', 'metadata.namespace']);
function envText(e: V1EnvVar, container: V1Container, pod: V1Pod | undefined): string {
  const { configMapKeyRef: c, secretKeyRef: s, fieldRef: f, resourceFieldRef: r } = e.valueFrom ?? {};
  if (f)
    return `      ${e.name}:\t${pod && TOLD.has(f.fieldPath) ? fieldValue(f.fieldPath, { ...NOWHERE, pod }) : ''} (${f.apiVersion ?? 'v1'}:${f.fieldPath})\n`;
  if (r) return `      ${e.name}:\t${amountOf(r, container)} (${r.resource})\n`;
  if (c) return `      ${e.name}:\t<set to the key '${c.key}' of config map '${c.name ?? ''}'>\tOptional: ${c.optional ?? false}\n`;
  if (s) return `      ${e.name}:\t<set to the key '${s.key}' in secret '${s.name ?? ''}'>\tOptional: ${s.optional ?? false}\n`;
  return e.valueFrom ? '' : `      ${e.name}:\t${(e.value ?? '').split('\n').join('\n      \t')}\n`;
}

const amounts = (title: string, map: Readonly<Record<string, string>> | undefined, space: string): string =>
  map && Object.keys(map).length > 0
    ? `${space}${title}:\n${Object.entries(map)
        .sort(byKey)
        .map(([k, v]) => `${space}  ${k}:\t${canonicalQuantity(v)}\n`)
        .join('')}`
    : '';
export const resourcesText = (resources: V1ResourceRequirements | undefined, space: string): string =>
  amounts('Limits', resources?.limits, space) + amounts('Requests', resources?.requests, space);
/** `space`: before the second line. */
export const seccompText = (profile: V1SeccompProfile | undefined, space: readonly [string, string]): string =>
  profile
    ? `${space[0]}SeccompProfile:\t${profile.type}\n${profile.type === 'Localhost' ? `${space[1]}LocalhostProfile:\t${profile.localhostProfile ?? ''}\n` : ''}`
    : '';
const words = (name: string, list: readonly string[] | undefined): string =>
  list?.length
    ? `    ${name}:\n${list
        .flatMap((w) => w.split('\n'))
        .map((w) => `      ${w}\n`)
        .join('')}`
    : '';

function containerText(c: V1Container, { statuses, space, pod }: Around): string {
  const [s, indent] = [statuses?.find((one) => one.name === c.name), space === '' ? '' : ' '];
  const ports = (c.ports ?? []).map((p) => `${p.containerPort}/${p.protocol ?? 'TCP'}${p.name ? ` (${p.name})` : ''}`).join(', ');
  const hostPorts = (c.ports ?? []).map((p) => `${p.hostPort ?? 0}/${p.protocol ?? 'TCP'}${p.name ? ` (${p.name})` : ''}`).join(', ');
  const many = (list: string): string => (list.includes(',') ? 's' : '');
  const from = (c.envFrom ?? [])
    .map(
      (e) =>
        `      ${(e.configMapRef ?? e.secretRef)?.name ?? ''}\t${e.configMapRef ? 'ConfigMap' : e.secretRef ? 'Secret' : ''}${e.prefix ? ` with prefix '${e.prefix}'` : ''}\tOptional: ${(e.configMapRef ?? e.secretRef)?.optional ?? false}\n`,
    )
    .join('');
  return [
    `  ${indent}${c.name}:\n`,
    s ? `    Container ID:\t${s.containerID ?? ''}\n` : '',
    `    Image:\t${c.image ?? ''}\n`,
    s ? `    Image ID:\t${s.imageID}\n` : '',
    `    Port${many(ports)}:\t${ports || '<none>'}\n`,
    `    Host Port${many(hostPorts)}:\t${hostPorts || '<none>'}\n`,
    seccompText(c.securityContext?.seccompProfile, ['    ', '      ']),
    words('Command', c.command),
    words('Args', c.args),
    s
      ? stateText('State', s.state) +
        (s.lastState?.terminated ? stateText('Last State', s.lastState) : '') +
        `    Ready:\t${s.ready ? 'True' : 'False'}\n    Restart Count:\t${s.restartCount}\n`
      : '',
    resourcesText(c.resources, '    '),
    c.livenessProbe ? `    Liveness:\t${probeText(c.livenessProbe)}\n` : '',
    c.readinessProbe ? `    Readiness:\t${probeText(c.readinessProbe)}\n` : '',
    c.startupProbe ? `    Startup:\t${probeText(c.startupProbe)}\n` : '',
    from ? `    Environment Variables from:\n${from}` : '',
    c.env?.length ? `    Environment:\n${c.env.map((e) => envText(e, c, pod)).join('')}` : '    Environment:\t<none>\n',
    c.volumeMounts?.length
      ? `    Mounts:\n${goSorted(c.volumeMounts, (a, b) => a.mountPath < b.mountPath)
          .map(
            (m) =>
              `      ${m.mountPath} from ${m.name} (${m.readOnly ? 'ro' : 'rw'}${m.subPath ? `,path=${JSON.stringify(m.subPath)}` : ''})\n`,
          )
          .join('')}`
      : '    Mounts:\t<none>\n',
    c.volumeDevices?.length
      ? `    Devices:${c.volumeMounts?.length ? '' : '\t<none>'}\n${goSorted(c.volumeDevices, (a, b) => a.devicePath < b.devicePath)
          .map((d) => `      ${d.devicePath} from ${d.name}\n`)
          .join('')}`
      : '',
  ].join('');
}

/** `space`: before titles. `pod`: whose containers they are, if they are no template's. */
interface Around {
  readonly statuses?: readonly V1ContainerStatus[];
  readonly space: string;
  readonly pod?: V1Pod;
}
export const containers = (title: string, list: readonly V1Container[], around: Around): string =>
  `${around.space}${title}:${list.length === 0 ? ' <none>' : ''}\n${list.map((c) => containerText(c, around)).join('')}`;

export function describeTemplate(template: V1PodTemplateSpec | undefined): string {
  const spec: Partial<V1PodSpec> = template?.spec ?? {};
  return [
    'Pod Template:\n',
    multiline('  Labels', template?.metadata?.labels),
    Object.keys(template?.metadata?.annotations ?? {}).length > 0 ? annotations('  Annotations', template?.metadata?.annotations) : '',
    spec.serviceAccountName ? `  Service Account:\t${spec.serviceAccountName}\n` : '',
    spec.initContainers?.length ? containers('Init Containers', spec.initContainers, { space: '  ' }) : '',
    containers('Containers', spec.containers ?? [], { space: '  ' }),
    volumes(spec.volumes, '  '),
    spreadText('  Topology Spread Constraints', spec.topologySpreadConstraints),
    spec.priorityClassName ? `  Priority Class Name:\t${spec.priorityClassName}\n` : '',
    multiline('  Node-Selectors', spec.nodeSelector),
    tolerations('  Tolerations', spec.tolerations),
  ].join('');
}
