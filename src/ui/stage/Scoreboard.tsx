/** Always in sight: what is wanted and what is, and what the beat that is told has changed. */
import { controllerOf } from '../../api/machinery/owner.ts';
import type { KubeObject } from '../../api/object.ts';
import type { V1DaemonSet, V1Deployment, V1Pod, V1ReplicaSet } from '../../api/schema/kubernetes.ts';
import { beatNow } from '../../story/beats.ts';
import { changedBy } from '../../story/changed.ts';
import { isOwn, isReady, objectsOf, pictureAt, type Picture } from '../../story/picture.ts';
import { useFields } from '../app/store.ts';
import css from './scoreboard.module.css';

/** How many pods the user's objects ask for; a pod that nobody controls asks for itself. */
function wantedPods(picture: Picture): number {
  const sum = <O extends KubeObject>(folder: string, of: (object: O) => number): number =>
    objectsOf<O>(picture, folder)
      .filter((o) => isOwn(o) && !controllerOf(o))
      .reduce((n, o) => n + of(o), 0);
  return (
    sum<V1Deployment>('deployments', (d) => d.spec?.replicas ?? 1) +
    sum<V1ReplicaSet>('replicasets', (r) => r.spec?.replicas ?? 1) +
    sum<V1DaemonSet>('daemonsets', (d) => d.status?.desiredNumberScheduled ?? 0) +
    sum<V1Pod>('pods', (p) => (p.metadata?.deletionTimestamp ? 0 : 1))
  );
}

export function Scoreboard() {
  const { book, row, beats } = useFields('book', 'row', 'beats');
  const picture = pictureAt(book, row);
  const own = objectsOf<V1Pod>(picture, 'pods').filter(isOwn);
  const want = wantedPods(picture);
  const counts = [
    ['want', want],
    ['created', own.length],
    ['bound', own.filter((p) => p.spec?.nodeName).length],
    ['running', own.filter((p) => p.status?.phase === 'Running').length],
    ['ready', own.filter(isReady).length],
  ] as const;
  const beat = beats[beatNow(beats, row)];
  const change = beat ? changedBy(book, beat, row) : undefined;
  return (
    <div className={css.strip}>
      <p data-testid="scoreboard">
        {counts.map(([name, n], i) => (
          <span key={name}>
            {i > 0 && ' · '}
            {name} <b>{n}</b>
          </span>
        ))}
      </p>
      {change && (
        <p className={css.changed}>
          <em title={change.what}>{change.what}</em> <span>{change.field}:</span> <s>{change.before}</s> → <u>{change.after}</u>
        </p>
      )}
    </div>
  );
}
