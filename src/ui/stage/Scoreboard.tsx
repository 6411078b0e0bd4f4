/** Always in sight: what is wanted and what is, and what the last beat changed. */
import type { V1Deployment, V1Pod } from '../../api/schema/kubernetes.ts';
import { beatAt } from '../../story/beats.ts';
import { changedBy } from '../../story/changed.ts';
import { isOwn, isReady, objectsOf, pictureAt } from '../../story/picture.ts';
import { useFields } from '../app/store.ts';
import css from './scoreboard.module.css';

export function Scoreboard() {
  const { book, row, beats } = useFields('book', 'row', 'beats');
  const picture = pictureAt(book, row);
  const own = objectsOf<V1Pod>(picture, 'pods').filter(isOwn);
  const want = objectsOf<V1Deployment>(picture, 'deployments').filter(isOwn).reduce((n, d) => n + (d.spec?.replicas ?? 0), 0);
  const counts = [['want', want], ['created', own.length], ['bound', own.filter((p) => p.spec?.nodeName).length], ['running', own.filter((p) => p.status?.phase === 'Running').length], ['ready', own.filter(isReady).length]] as const;
  const beat = beats[beatAt(beats, row) - 1];
  const change = beat ? changedBy(book, { from: beat.from, to: Math.min(row, beat.to), about: beat.fact.about }) : undefined;
  return (
    <div className={css.strip}>
      <p data-testid="scoreboard">{counts.map(([name, n], i) => <span key={name}>{i > 0 && ' · '}{name} <b>{n}</b></span>)}</p>
      {change && <p className={css.changed}><em title={change.what}>{change.what}</em> <span>{change.field}:</span> <s>{change.before}</s> → <u>{change.after}</u></p>}
    </div>
  );
}
