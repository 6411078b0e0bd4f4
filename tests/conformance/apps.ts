/** Objects and waits of upstream's test/e2e/apps and test/e2e/framework/{deployment,replicaset,daemonset}. */
import type { Any, Examiner } from './examiner.ts';
import { NGINX } from './examiner.ts';

interface Of {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly replicas?: number;
  readonly container?: string;
  readonly image?: string;
}
const spec = ({ labels, container = 'httpd', image = NGINX }: Of): Any => ({
  selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: container, image }] } },
});
export const newDeployment = (of: Of, more: object = {}): Any => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: of.name, labels: { ...of.labels } },
  spec: { replicas: of.replicas ?? 1, strategy: { type: 'RollingUpdate' }, ...spec(of), ...more },
});
export const newReplicaSet = (of: Of, more: object = {}): Any => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: of.name, labels: { ...of.labels } },
  spec: { replicas: of.replicas ?? 1, ...spec(of), ...more },
});
export function newDaemonSet(of: Of, more: object = {}): Any {
  const { selector, template } = spec({ container: 'app', ...of });
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: of.name, labels: { ...of.labels } },
    spec: {
      selector,
      template: {
        metadata: template.metadata,
        spec: { containers: [{ ...template.spec.containers[0], ports: [{ containerPort: 9376 }] }] },
      },
      ...more,
    },
  };
}

export const ready = (e: Examiner, selector: string): Any[] =>
  e.list('pods', selector).filter((p) => p.status.phase === 'Running' && p.metadata.deletionTimestamp === undefined);
export const podsRunning = (e: Examiner, name: string, replicas: number): void => {
  e.until(() => ready(e, `name=${name}`).length === replicas && e.list('pods', `name=${name}`).length === replicas);
};

const MIRRORED = ['pod-template-hash'];
const template = (object: Any): string =>
  JSON.stringify({
    ...object.spec.template,
    metadata: {
      ...object.spec.template.metadata,
      labels: Object.fromEntries(Object.entries(object.spec.template.metadata.labels).filter(([key]) => !MIRRORED.includes(key))),
    },
  });
export const ownedBy = (e: Examiner, plural: string, owner: Any): Any[] =>
  e.list(plural).filter((o) => o.metadata.ownerReferences?.some((r: Any) => r.controller && r.uid === owner.metadata.uid));
export const newReplicaSetOf = (e: Examiner, deployment: Any): Any =>
  ownedBy(e, 'replicasets', deployment).find((rs) => template(rs) === template(deployment));
export const oldReplicaSetsOf = (e: Examiner, deployment: Any): Any[] =>
  ownedBy(e, 'replicasets', deployment).filter((rs) => template(rs) !== template(deployment));

const isComplete = (d: Any, at = d.metadata.generation): boolean =>
  d.status.updatedReplicas === d.spec.replicas &&
  d.status.replicas === d.spec.replicas &&
  d.status.availableReplicas === d.spec.replicas &&
  d.status.observedGeneration >= at;
export const deploymentComplete = (e: Examiner, name: string): void => {
  e.until(() => isComplete(e.get('deployments', name)));
};
/** Complete, and never fewer available nor more in all than asked for. */
export function completeAndRolling(e: Examiner, name: string): void {
  const share = (value: Any, of: number, round: (n: number) => number): number =>
    typeof value === 'string' ? round((Number.parseInt(value, 10) * of) / 100) : value;
  e.until(() => {
    const d = e.get('deployments', name);
    const { maxSurge, maxUnavailable } = d.spec.strategy.rollingUpdate;
    const all = ownedBy(e, 'replicasets', d).reduce((n, rs) => n + rs.spec.replicas, 0);
    if (all > d.spec.replicas + share(maxSurge, d.spec.replicas, Math.ceil)) throw new Error(`${all} pods in all`);
    if ((d.status.availableReplicas ?? 0) < d.spec.replicas - share(maxUnavailable, d.spec.replicas, Math.floor))
      throw new Error(`only ${d.status.availableReplicas} available`);
    return isComplete(d);
  });
}
export const revisionAndImage = (e: Examiner, name: string, revision: string, image: string): unknown =>
  e.until(() => {
    const d = e.get('deployments', name);
    const rs = newReplicaSetOf(e, d);
    return (
      d.metadata.annotations?.['deployment.kubernetes.io/revision'] === revision &&
      rs?.metadata.annotations['deployment.kubernetes.io/revision'] === revision &&
      rs.spec.template.spec.containers[0].image === image &&
      rs.metadata.labels['pod-template-hash'] !== undefined
    );
  });

export const workers = (e: Examiner): string[] =>
  e
    .list('nodes')
    .filter((n) => !n.spec.taints?.some((t: Any) => t.effect !== 'PreferNoSchedule'))
    .map((n) => n.metadata.name);
export const runsOn = (e: Examiner, ds: Any): string =>
  ownedBy(e, 'pods', ds)
    .filter(
      (p) => p.metadata.deletionTimestamp === undefined && p.status.conditions?.some((c: Any) => c.type === 'Ready' && c.status === 'True'),
    )
    .map((p) => p.spec.nodeName)
    .sort()
    .join();
export const runsOnAll = (e: Examiner, ds: Any): void => {
  e.until(() => runsOn(e, ds) === workers(e).sort().join());
};
