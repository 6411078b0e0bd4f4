/** kubectl describe. Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36). Simplified: kinds without a describer of their own are shown by their fields. */
import { age } from '../api/machinery/columns.ts';
import { formatLabelSelector, formatMap, selectorMatches, selectorText } from '../api/machinery/labels.ts';
import { controllerOf } from '../api/machinery/owner.ts';
import type { KubeObject } from '../api/object.ts';
import { isOver } from '../api/pods/phase.ts';
import type {
  CoreV1Event,
  V1ConfigMap,
  V1DaemonSet,
  V1Deployment,
  V1DeploymentCondition,
  V1EndpointSlice,
  V1Lease,
  V1Namespace,
  V1Node,
  V1Pod,
  V1ReplicaSet,
  V1Secret,
  V1Service,
  V1ServiceAccount,
} from '../api/schema/kubernetes.ts';
import { sameTemplate } from '../cluster/controllers/rollout/replica-sets.ts';
import { decodeBase64 } from '../lib/base64.ts';
import { goSorted } from '../lib/go-sort.ts';
import { tabbed } from '../lib/tab-writer.ts';
import { describeNode } from './describe-node.ts';
import { describeEndpointSlice, describeService } from './describe-network.ts';
import { fieldsText } from './describe-other.ts';
import { annotations, byKey, head, multiline } from './describe-maps.ts';
import { containers, describeTemplate, resourcesText, rfc1123, seccompText, spreadText, tolerations } from './describe-template.ts';
import { volumes } from './describe-volumes.ts';

/** What describe reads beside the object. */
export interface Related {
  readonly replicaSets?: readonly V1ReplicaSet[];
  readonly slices?: readonly V1EndpointSlice[];
  readonly pods?: readonly V1Pod[];
  readonly lease?: V1Lease;
}

const WITHOUT_EVENTS: ReadonlySet<string> = new Set(['Secret', 'Namespace']);

/** `events`: undefined when they are not to be shown. */
export function describe(object: KubeObject, events: readonly CoreV1Event[] | undefined, nowMs: number, related: Related = {}): string {
  const none = events?.length === 0 && !WITHOUT_EVENTS.has(object.kind ?? '') ? 'Events:\t<none>\n' : '';
  return tabbed(safe(bodyOf(object, related, nowMs) + none)) + eventTable(events ?? [], nowMs);
}

/** Terminals are not told to do things. Upstream: cli-runtime pkg/printers/terminal.go. */
const safe = (text: string): string => text.replaceAll('\x1b', '^[').replaceAll('\r', '\\r');

function bodyOf(object: KubeObject, related: Related, nowMs: number): string {
  switch (object.kind) {
    case 'Pod':
      return describePod(object as V1Pod, nowMs);
    case 'Deployment':
      return describeDeployment(object as V1Deployment, related.replicaSets ?? []);
    case 'ReplicaSet':
      return describeReplicaSet(object as V1ReplicaSet, related.pods ?? []);
    case 'DaemonSet':
      return describeDaemonSet(object as V1DaemonSet, related.pods ?? []);
    case 'Service':
      return describeService(object as V1Service, related.slices ?? []);
    case 'Node':
      return describeNode(object as V1Node, { pods: related.pods ?? [], ...(related.lease ? { lease: related.lease } : {}) }, nowMs);
    case 'Namespace':
      return `Name:\t${object.metadata?.name}\n${multiline('Labels', object.metadata?.labels)}${annotations('Annotations', object.metadata?.annotations)}Status:\t${(object as V1Namespace).status?.phase ?? ''}\n${namespaceConditions(object as V1Namespace)}`;
    case 'ConfigMap':
      return describeConfigMap(object as V1ConfigMap);
    case 'Secret':
      return describeSecret(object as V1Secret);
    case 'EndpointSlice':
      return describeEndpointSlice(object as V1EndpointSlice);
    case 'ServiceAccount':
      return describeServiceAccount(object as V1ServiceAccount);
    default:
      return describeOther(object);
  }
}

/** Of what is in base64. */
const bytesIn = (base64: string): number => Math.floor((base64.replace(/=+$/, '').length * 3) / 4);

function describeSecret(s: V1Secret): string {
  const isToken = (key: string): boolean => key === 'token' && s.type === 'kubernetes.io/service-account-token';
  return `${head(s)}\nType:\t${s.type ?? ''}\n\nData\n====\n${Object.entries(s.data ?? {})
    .sort(byKey)
    .map(([k, v]) => `${k}:\t${isToken(k) ? decodeBase64(v) : `${bytesIn(v)} bytes`}\n`)
    .join('')}`;
}

const namespaceConditions = ({ status }: V1Namespace): string =>
  status?.conditions?.length
    ? `Conditions:\n  Type\tStatus\tLastTransitionTime\tReason\tMessage\n  ----\t------\t------------------\t------\t-------\n${status.conditions.map((c) => `  ${c.type}\t${c.status}\t${rfc1123(c.lastTransitionTime)}\t${c.reason ?? ''}\t${c.message ?? ''}\n`).join('')}`
    : '';

const describeOther = (object: KubeObject): string =>
  `Name:\t${object.metadata?.name ?? ''}\nNamespace:\t${object.metadata?.namespace ?? ''}\n${multiline('Labels', object.metadata?.labels)}${annotations('Annotations', object.metadata?.annotations)}${fieldsText(object as Readonly<Record<string, unknown>>)}`;

function describeConfigMap(c: V1ConfigMap): string {
  return `${head(c)}\nData\n====\n${Object.entries(c.data ?? {})
    .sort(byKey)
    .map(([k, v]) => `${k}:\n----\n${v}\n\n`)
    .join('')}\nBinaryData\n====\n${Object.entries(c.binaryData ?? {})
    .sort(byKey)
    .map(([k, v]) => `${k}: ${bytesIn(v)} bytes\n`)
    .join('')}\n`;
}

function describePod(pod: V1Pod, nowMs: number): string {
  const { metadata, spec, status } = pod;
  const controller = controllerOf(pod);
  const ending = metadata?.deletionTimestamp !== undefined && !isOver(pod);
  return [
    `Name:\t${metadata?.name}\nNamespace:\t${metadata?.namespace}\n`,
    spec?.priority === undefined ? '' : `Priority:\t${spec.priority}\n`,
    spec?.priorityClassName ? `Priority Class Name:\t${spec.priorityClassName}\n` : '',
    spec?.runtimeClassName ? `Runtime Class Name:\t${spec.runtimeClassName}\n` : '',
    spec?.serviceAccountName ? `Service Account:\t${spec.serviceAccountName}\n` : '',
    `Node:\t${spec?.nodeName ? `${spec.nodeName}/${status?.hostIP ?? ''}` : '<none>'}\n`,
    status?.startTime ? `Start Time:\t${rfc1123(status.startTime)}\n` : '',
    multiline('Labels', metadata?.labels),
    annotations('Annotations', metadata?.annotations),
    ending
      ? `Status:\tTerminating (lasts ${age(metadata.deletionTimestamp, nowMs)})\nTermination Grace Period:\t${metadata.deletionGracePeriodSeconds ?? 0}s\n`
      : `Status:\t${status?.phase ?? ''}\n`,
    status?.reason ? `Reason:\t${status.reason}\n` : '',
    status?.message ? `Message:\t${status.message}\n` : '',
    seccompText(spec?.securityContext?.seccompProfile, ['', '']),
    `IP:\t${status?.podIP ?? ''}\n`,
    status?.podIPs?.length ? `IPs:\n${status.podIPs.map((p) => `  IP:\t${p.ip}\n`).join('')}` : 'IPs:\t<none>\n',
    controller ? `Controlled By:\t${controller.kind}/${controller.name}\n` : '',
    status?.nominatedNodeName ? `NominatedNodeName:\t${status.nominatedNodeName}\n` : '',
    spec?.resources ? `Resources:\n${resourcesText(spec.resources, '  ')}` : '',
    spec?.initContainers?.length
      ? containers('Init Containers', spec.initContainers, { space: '', pod, statuses: status?.initContainerStatuses ?? [] })
      : '',
    containers('Containers', spec?.containers ?? [], { space: '', pod, statuses: status?.containerStatuses ?? [] }),
    spec?.ephemeralContainers?.length
      ? containers('Ephemeral Containers', spec.ephemeralContainers, { space: '', pod, statuses: status?.ephemeralContainerStatuses ?? [] })
      : '',
    spec?.readinessGates?.length
      ? `Readiness Gates:\n  Type\tStatus\n${spec.readinessGates.map((gate) => `  ${gate.conditionType} \t${status?.conditions?.find((c) => c.type === gate.conditionType)?.status ?? '<none>'} \n`).join('')}`
      : '',
    status?.conditions?.length
      ? `Conditions:\n  Type\tStatus\n${status.conditions.map((c) => `  ${c.type} \t${c.status} \n`).join('')}`
      : '',
    volumes(spec?.volumes, ''),
    `QoS Class:\t${status?.qosClass ?? ''}\n`,
    multiline('Node-Selectors', spec?.nodeSelector),
    tolerations('Tolerations', spec?.tolerations),
    spreadText('Topology Spread Constraints', spec?.topologySpreadConstraints),
  ].join('');
}

const conditionsText = (conditions: readonly V1DeploymentCondition[] | undefined): string =>
  conditions?.length
    ? `Conditions:\n  Type\tStatus\tReason\n  ----\t------\t------\n${conditions.map((c) => `  ${c.type} \t${c.status}\t${c.reason ?? ''}\n`).join('')}`
    : '';
const setsText = (sets: readonly V1ReplicaSet[]): string =>
  sets.map((rs) => `${rs.metadata?.name} (${rs.status?.replicas ?? 0}/${rs.spec?.replicas ?? 0} replicas created)`).join(', ') || '<none>';

function describeDeployment(d: V1Deployment, all: readonly V1ReplicaSet[]): string {
  const { metadata, spec, status } = d;
  const born = (rs: V1ReplicaSet): string => rs.metadata?.creationTimestamp ?? '';
  const mine = goSorted(
    all.filter((rs) => controllerOf(rs)?.uid === metadata?.uid && selectorMatches(spec?.selector, rs.metadata?.labels)),
    (a, b) => (born(a) === born(b) ? (a.metadata?.name ?? '') < (b.metadata?.name ?? '') : born(a) < born(b)),
  );
  const newest = mine.find((rs) => sameTemplate(rs.spec?.template, spec?.template));
  const rolling = spec?.strategy?.rollingUpdate;
  return [
    `Name:\t${metadata?.name}\nNamespace:\t${metadata?.namespace}\nCreationTimestamp:\t${rfc1123(metadata?.creationTimestamp)}\n`,
    multiline('Labels', metadata?.labels),
    annotations('Annotations', metadata?.annotations),
    `Selector:\t${selectorText(spec?.selector)}\n`,
    `Replicas:\t${spec?.replicas ?? 0} desired | ${status?.updatedReplicas ?? 0} updated | ${status?.replicas ?? 0} total | ${status?.availableReplicas ?? 0} available | ${status?.unavailableReplicas ?? 0} unavailable\n`,
    `StrategyType:\t${spec?.strategy?.type}\nMinReadySeconds:\t${spec?.minReadySeconds ?? 0}\n`,
    rolling ? `RollingUpdateStrategy:\t${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge\n` : '',
    describeTemplate(spec?.template),
    conditionsText(status?.conditions),
    mine.length === 0
      ? ''
      : `OldReplicaSets:\t${setsText(mine.filter((rs) => rs !== newest))}\nNewReplicaSet:\t${newest ? setsText([newest]) : '<none>'}\n`,
  ].join('');
}

function podCounts(pods: readonly V1Pod[], { metadata, spec }: V1ReplicaSet | V1DaemonSet): string {
  const mine = pods.filter((p) => controllerOf(p)?.uid === metadata?.uid && selectorMatches(spec?.selector, p.metadata?.labels));
  const n = (phase: string): number => mine.filter((p) => p.status?.phase === phase).length;
  return `Pods Status:\t${n('Running')} Running / ${n('Pending')} Waiting / ${n('Succeeded')} Succeeded / ${n('Failed')} Failed\n`;
}

function describeReplicaSet(rs: V1ReplicaSet, pods: readonly V1Pod[]): string {
  const controller = controllerOf(rs);
  return `Name:\t${rs.metadata?.name}\nNamespace:\t${rs.metadata?.namespace}\nSelector:\t${formatLabelSelector(rs.spec?.selector)}\n${multiline('Labels', rs.metadata?.labels)}${annotations('Annotations', rs.metadata?.annotations)}${controller ? `Controlled By:\t${controller.kind}/${controller.name}\n` : ''}Replicas:\t${rs.status?.replicas ?? 0} current / ${rs.spec?.replicas ?? 0} desired\n${podCounts(pods, rs)}${describeTemplate(rs.spec?.template)}${conditionsText(rs.status?.conditions)}`;
}

function describeDaemonSet(d: V1DaemonSet, pods: readonly V1Pod[]): string {
  const { metadata, spec, status } = d;
  return `Name:\t${metadata?.name}\nNamespace:\t${metadata?.namespace}\nSelector:\t${selectorText(spec?.selector)}\nNode-Selector:\t${formatMap(spec?.template.spec?.nodeSelector) || '<none>'}\n${multiline('Labels', metadata?.labels)}${annotations('Annotations', metadata?.annotations)}Desired Number of Nodes Scheduled: ${status?.desiredNumberScheduled ?? 0}\nCurrent Number of Nodes Scheduled: ${status?.currentNumberScheduled ?? 0}\nNumber of Nodes Scheduled with Up-to-date Pods: ${status?.updatedNumberScheduled ?? 0}\nNumber of Nodes Scheduled with Available Pods: ${status?.numberAvailable ?? 0}\nNumber of Nodes Misscheduled: ${status?.numberMisscheduled ?? 0}\n${podCounts(pods, d)}${describeTemplate(spec?.template)}`;
}

function eventTable(events: readonly CoreV1Event[], nowMs: number): string {
  if (events.length === 0) return '';
  const at = (e: CoreV1Event): string => e.lastTimestamp ?? '';
  const first = (e: CoreV1Event): string => age(e.eventTime ?? e.firstTimestamp, nowMs);
  const message = (e: CoreV1Event): string =>
    `${e.involvedObject.fieldPath ? `${e.involvedObject.fieldPath}: ` : ''}${(e.message ?? '').trim()}`;
  const repeats = ({ series, count = 1, lastTimestamp }: CoreV1Event): readonly [number, string | null | undefined] =>
    series ? [series.count ?? 0, series.lastObservedTime] : [count, lastTimestamp];
  const when = (e: CoreV1Event): string => {
    const [count, last] = repeats(e);
    return count > 1 ? `${age(last, nowMs)} (x${count} over ${first(e)})` : first(e);
  };
  const rows = goSorted(events, (a, b) => at(a) < at(b)).map(
    (e) => `  ${e.type ?? ''}\t${e.reason ?? ''}\t${when(e)}\t${e.source?.component || e.reportingComponent || ''}\t${message(e)}\n`,
  );
  return tabbed(safe(`Events:\n  Type\tReason\tAge\tFrom\tMessage\n  ----\t------\t----\t----\t-------\n${rows.join('')}`));
}

function describeServiceAccount(account: V1ServiceAccount): string {
  const names = (account.imagePullSecrets ?? []).map(({ name }) => `${name}\n`);
  return `${head(account)}Image pull secrets:\t${names.length === 0 ? '<none>\n' : names.join(`${' '.repeat(19)}\t`)}`;
}
