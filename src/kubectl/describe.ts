/** kubectl describe. Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36). Simplified: pods in full shape, other kinds by their spec and status. */
import { toYaml } from '../api/manifest/print.ts';
import { age } from '../api/machinery/columns.ts';
import { formatMap } from '../api/machinery/labels.ts';
import { controllerOf } from '../api/machinery/owner.ts';
import type { KubeObject } from '../api/object.ts';
import type { CoreV1Event, V1Container, V1ContainerState, V1ContainerStatus, V1Pod, V1Probe } from '../api/schema/kubernetes.ts';
import { textTable } from '../lib/text-table.ts';

const WIDTH = 18;
const line = (name: string, value: string): string => `${`${name}:`.padEnd(WIDTH)}${value}\n`;
const listOf = (map: Readonly<Record<string, string>> | undefined, name: string): string => {
  const entries = Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => `${k}=${v}`);
  return entries.length === 0 ? line(name, '<none>') : entries.map((e, i) => `${(i === 0 ? `${name}:` : '').padEnd(WIDTH)}${e}\n`).join('');
};

export function describe(object: KubeObject, events: readonly CoreV1Event[], nowMs: number): string {
  const text = object.kind === 'Pod' ? describePod(object as V1Pod) : describeOther(object);
  return text + eventTable(events, nowMs);
}

function describeOther(object: KubeObject): string {
  const { metadata, kind: _k, apiVersion: _a, ...rest } = object as KubeObject & Readonly<Record<string, unknown>>;
  const body = toYaml(rest).split('\n').map((l) => l.replace(/^(\s*)([a-z])/, (_m, s: string, c: string) => s + c.toUpperCase())).join('\n');
  return line('Name', metadata?.name ?? '') + (metadata?.namespace ? line('Namespace', metadata.namespace) : '') + listOf(metadata?.labels, 'Labels') + listOf(withoutApplied(metadata?.annotations), 'Annotations') + line('CreationTimestamp', metadata?.creationTimestamp ?? '') + body;
}
const withoutApplied = (a: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(a ?? {}).filter(([k]) => k !== 'kubectl.kubernetes.io/last-applied-configuration'));

function describePod(pod: V1Pod): string {
  const { metadata, spec, status } = pod;
  const controller = controllerOf(pod);
  return [
    line('Name', metadata?.name ?? ''), line('Namespace', metadata?.namespace ?? ''), line('Priority', String(spec?.priority ?? 0)), line('Service Account', spec?.serviceAccountName ?? ''),
    line('Node', spec?.nodeName ? `${spec.nodeName}/${status?.hostIP ?? ''}` : '<none>'), ...(status?.startTime ? [line('Start Time', status.startTime)] : []), listOf(metadata?.labels, 'Labels'), listOf(withoutApplied(metadata?.annotations), 'Annotations'),
    line('Status', metadata?.deletionTimestamp ? `Terminating (lasts ${metadata.deletionGracePeriodSeconds ?? 0}s)` : (status?.phase ?? '')), line('IP', status?.podIP ?? ''),
    status?.podIPs?.length ? `IPs:\n${status.podIPs.map((p) => `  IP:           ${p.ip}\n`).join('')}` : 'IPs:              <none>\n', ...(controller ? [line('Controlled By', `${controller.kind}/${controller.name}`)] : []),
    ...(spec?.initContainers?.length ? [`Init Containers:\n${spec.initContainers.map((c) => describeContainer(c, status?.initContainerStatuses?.find((s) => s.name === c.name))).join('')}`] : []),
    `Containers:\n${(spec?.containers ?? []).map((c) => describeContainer(c, status?.containerStatuses?.find((s) => s.name === c.name))).join('')}`,
    ...(status?.conditions?.length ? [`Conditions:\n${textTable([['  Type', 'Status'], ...status.conditions.map((c) => [`  ${c.type}`, c.status])])}`] : []),
    `Volumes:\n${(spec?.volumes ?? []).map((v) => `  ${v.name}:\n    Type:  ${Object.keys(v).find((k) => k !== 'name') ?? 'EmptyDir'}\n`).join('') || '  <none>\n'}`,
    line('QoS Class', status?.qosClass ?? ''), line('Node-Selectors', formatMap(spec?.nodeSelector) || '<none>'),
    (spec?.tolerations ?? []).map((t, i) => `${(i === 0 ? 'Tolerations:' : '').padEnd(WIDTH)}${t.key ?? ''}${t.value ? `=${t.value}` : ''}${t.effect ? `:${t.effect}` : ''}${t.operator === 'Exists' ? ' op=Exists' : ''}${t.tolerationSeconds === undefined ? '' : ` for ${t.tolerationSeconds}s`}\n`).join('') || line('Tolerations', '<none>'),
  ].join('');
}

const stateText = (name: string, state: V1ContainerState | undefined): string => {
  if (state?.running) return `    ${name}:          Running\n      Started:      ${state.running.startedAt}\n`;
  if (state?.waiting) return `    ${name}:          Waiting\n${state.waiting.reason ? `      Reason:       ${state.waiting.reason}\n` : ''}`;
  if (state?.terminated) return `    ${name}:          Terminated\n      Reason:       ${state.terminated.reason}\n      Exit Code:    ${state.terminated.exitCode}\n      Started:      ${state.terminated.startedAt}\n      Finished:     ${state.terminated.finishedAt}\n`;
  return '';
};
const probeText = (name: string, p: V1Probe | undefined): string => {
  if (!p) return '';
  const what = p.httpGet ? `http-get ${(p.httpGet.scheme ?? 'HTTP').toLowerCase()}://:${p.httpGet.port}${p.httpGet.path}` : p.tcpSocket ? `tcp-socket :${p.tcpSocket.port}` : p.exec ? `exec ${JSON.stringify(p.exec.command)}` : 'grpc';
  return `    ${name}:      ${what} delay=${p.initialDelaySeconds ?? 0}s timeout=${p.timeoutSeconds}s period=${p.periodSeconds}s #success=${p.successThreshold} #failure=${p.failureThreshold}\n`;
};

function describeContainer(c: V1Container, s: V1ContainerStatus | undefined): string {
  const ports = (c.ports ?? []).map((p) => `${p.containerPort}/${p.protocol ?? 'TCP'}`).join(', ');
  const amounts = (name: string, map: Readonly<Record<string, string>> | undefined): string => (map && Object.keys(map).length > 0 ? `    ${name}:\n${Object.entries(map).map(([k, v]) => `      ${k}:  ${v}\n`).join('')}` : '');
  return [
    `  ${c.name}:\n`, `    Container ID:   ${s?.containerID ?? ''}\n`, `    Image:          ${c.image}\n`, `    Image ID:       ${s?.imageID ?? ''}\n`, `    Port${(c.ports?.length ?? 0) > 1 ? 's' : ''}:           ${ports || '<none>'}\n`,
    c.command ? `    Command:\n${c.command.map((w) => `      ${w}\n`).join('')}` : '', c.args ? `    Args:\n${c.args.map((w) => `      ${w}\n`).join('')}` : '',
    stateText('State', s?.state), stateText('Last State', s?.lastState), `    Ready:          ${s?.ready ? 'True' : 'False'}\n`, `    Restart Count:  ${s?.restartCount ?? 0}\n`,
    amounts('Limits', c.resources?.limits), amounts('Requests', c.resources?.requests), probeText('Liveness', c.livenessProbe), probeText('Readiness', c.readinessProbe), probeText('Startup', c.startupProbe),
    c.env?.length ? `    Environment:\n${c.env.map((e) => `      ${e.name}:  ${e.value ?? ''}\n`).join('')}` : '    Environment:    <none>\n',
    c.volumeMounts?.length ? `    Mounts:\n${c.volumeMounts.map((m) => `      ${m.mountPath} from ${m.name} (${m.readOnly ? 'ro' : 'rw'})\n`).join('')}` : '    Mounts:         <none>\n',
  ].join('');
}

function eventTable(events: readonly CoreV1Event[], nowMs: number): string {
  if (events.length === 0) return 'Events:           <none>\n';
  const from = (e: CoreV1Event): string => e.source?.component ?? e.reportingComponent ?? '';
  const rows = [...events].sort((a, b) => ((a.firstTimestamp ?? '') < (b.firstTimestamp ?? '') ? -1 : 1)).map((e) => [`  ${e.type}`, e.reason ?? '', (e.count ?? 1) > 1 ? `${age(e.lastTimestamp, nowMs)} (x${e.count} over ${age(e.firstTimestamp, nowMs)})` : age(e.firstTimestamp, nowMs), from(e), e.message ?? '']);
  return `Events:\n${textTable([['  Type', 'Reason', 'Age', 'From', 'Message'], ['  ----', '------', '----', '----', '-------'], ...rows])}`;
}
