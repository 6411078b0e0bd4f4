/**
 * What the labels of a namespace say of its pods: which are refused, and which are warned of, there or in a template.
 * Upstream: staging/src/k8s.io/pod-security-admission/admission/admission.go, api/helpers.go (v1.36).
 * Simplified: no cluster-wide defaults and exemptions, and audit labels are checked but nothing is written for them; all of a namespace's pods are looked at.
 */
import { type FieldError, invalid as invalidField } from '../../../../api/machinery/field-error.ts';
import { forbidden, invalid } from '../../../../api/machinery/status.ts';
import { sameJson } from '../../../../api/machinery/patch/same-json.ts';
import { allContainers } from '../../../../api/pods/containers.ts';
import type { V1Deployment, V1Pod, V1PodTemplateSpec, V1Status } from '../../../../api/schema/kubernetes.ts';
import type { ServerView } from '../../view.ts';
import type { Attributes } from '../admission.ts';
import { sorted, type Violation } from './check.ts';
import { violations } from './checks.ts';

const LEVELS: readonly string[] = ['privileged', 'baseline', 'restricted'];
/** `version`: 'latest' or 'v1.36'. */
interface Standard {
  readonly level: string;
  readonly version: string;
}
interface Policy {
  readonly enforce: Standard;
  readonly warn: Standard;
  readonly errors: readonly FieldError[];
}
type Labels = Readonly<Record<string, string>>;

/** Unless a namespace says what to warn of, it is what is enforced. Wrong labels are taken as the strictest policy, wrong warnings as none. */
export function policyOf(labels: Labels = {}): Policy {
  const errors: FieldError[] = [];
  const read = (name: string, isValid: (value: string) => boolean, must: string): string | undefined => {
    const key = `pod-security.kubernetes.io/${name}`;
    const value = labels[key];
    if (value === undefined || isValid(value)) return value;
    errors.push(invalidField(`metadata.labels[${key}]`, value, must));
    return 'wrong';
  };
  const modes = ['enforce', 'audit', 'warn'].map((mode) => ({
    level: read(mode, (value) => LEVELS.includes(value), `must be one of ${LEVELS.join(', ')}`),
    version: read(`${mode}-version`, (value) => /^(latest|v1\.(\d|[1-9]\d*))$/.test(value), 'must be "latest" or "v1.x"'),
  }));
  const [enforce, , warn] = modes;
  const version = (said: string | undefined): string => (said === 'wrong' ? 'latest' : (said ?? 'latest'));
  const isFollowed = warn.level === undefined && enforce.level !== 'wrong';
  return {
    enforce: { level: enforce.level === 'wrong' ? 'restricted' : (enforce.level ?? 'privileged'), version: version(enforce.version) },
    warn: {
      level: (isFollowed ? enforce.level : warn.level === 'wrong' ? undefined : warn.level) ?? 'privileged',
      version: version(warn.version ?? (isFollowed ? enforce.version : undefined)),
    },
    errors,
  };
}

const text = ({ level, version }: Standard): string => `"${level}:${version}"`;
function found({ level, version }: Standard, pod: V1PodTemplateSpec): readonly Violation[] {
  return level === 'privileged' ? [] : violations(level, version === 'latest' ? Infinity : Number(version.slice(3)), pod);
}
/** 'PodSecurity "baseline:latest": host namespaces (hostNetwork=true)'; undefined: nothing is wrong. */
function verdict(standard: Standard, pod: V1PodTemplateSpec): string | undefined {
  const all = found(standard, pod);
  return all.length === 0
    ? undefined
    : `PodSecurity ${text(standard)}: ${all.map(({ reason, detail }) => `${reason} (${detail})`).join(', ')}`;
}

/** Of what is asked of a pod, these change nothing that is looked at. */
const IGNORED: ReadonlySet<string | undefined> = new Set([
  'exec',
  'attach',
  'binding',
  'eviction',
  'log',
  'portforward',
  'proxy',
  'status',
]);
const looks = (pod: V1Pod): readonly unknown[] => allContainers(pod).map(({ name, image }) => [name, image]);
/** The pod or the template that is looked at. Upstream: isSignificantPodUpdate, ExtractPodSpec. */
function templateOf({ operation, info: { kind, subresource }, object, old }: Attributes): V1PodTemplateSpec | undefined {
  if (kind.plural !== 'pods') return subresource === undefined ? (object as V1Deployment).spec?.template : undefined;
  if (IGNORED.has(subresource)) return undefined;
  return operation === 'UPDATE' && old && sameJson(looks(object as V1Pod), looks(old as V1Pod)) ? undefined : (object as V1Pod);
}

const isNamespace = ({ info }: Attributes): boolean => info.kind.plural === 'namespaces';
const labelsOf = ({ info }: Attributes, view: ServerView): Labels | undefined =>
  view.get('namespaces', info.namespace ?? '')?.metadata?.labels;

function refusal(asked: Attributes, view: ServerView): V1Status | undefined {
  const { info, object, old } = asked;
  if (isNamespace(asked)) {
    const { errors } = policyOf(object.metadata?.labels);
    const isNew = info.subresource === undefined && errors.length > 0 && !(old && sameJson(errors, policyOf(old.metadata?.labels).errors));
    return isNew ? invalid(info.kind, object.metadata?.name ?? '', errors) : undefined;
  }
  const pod = info.kind.plural === 'pods' ? templateOf(asked) : undefined;
  const why = pod && verdict(policyOf(labelsOf(asked, view)).enforce, pod);
  return why === undefined ? undefined : forbidden(info.resource, info.name ?? object.metadata?.name ?? '', `violates ${why}`);
}

function warnings(asked: Attributes, view: ServerView): readonly string[] {
  if (isNamespace(asked)) return ofNamespace(asked, view);
  const pod = templateOf(asked);
  const why = pod && verdict(policyOf(labelsOf(asked, view)).warn, pod);
  return why === undefined ? [] : [`would violate ${why}`];
}

/** What a stricter policy would say of the pods that are there. Upstream: ValidateNamespace, EvaluatePodsInNamespace. */
function ofNamespace({ info, object, old }: Attributes, view: ServerView): readonly string[] {
  if (!old || info.subresource !== undefined) return [];
  const [now, before] = [policyOf(object.metadata?.labels).enforce, policyOf(old.metadata?.labels).enforce];
  if (now.version === before.version && LEVELS.indexOf(now.level) <= LEVELS.indexOf(before.level)) return [];
  const name = object.metadata?.name ?? '';
  const podsBy = new Map<string, string[]>();
  for (const pod of view.list<V1Pod>('pods')) {
    if (pod.metadata?.namespace !== name) continue;
    const reasons = found(now, pod).map(({ reason }) => reason);
    if (reasons.length > 0) podsBy.set(reasons.join(', '), [...(podsBy.get(reasons.join(', ')) ?? []), pod.metadata.name ?? '']);
  }
  const lines = [...podsBy].map(([reasons, pods]) => {
    const others = pods.length - 1;
    return `${sorted(pods)[0]}${others === 0 ? '' : ` (and ${others} other pod${others === 1 ? '' : 's'})`}: ${reasons}`;
  });
  return lines.length === 0
    ? []
    : [`existing pods in namespace ${JSON.stringify(name)} violate the new PodSecurity enforce level ${text(now)}`, ...sorted(lines)];
}

export const podSecurity = { refusal, warnings };
