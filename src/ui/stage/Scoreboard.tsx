/** Always in sight: what is wanted and what is, and what the beat that is told has changed. */
import { beatNow } from '../../story/beats.ts';
import { changedBy } from '../../story/changed.ts';
import { pictureAt } from '../../story/picture.ts';
import { scoreOf } from '../../views/scoreboard.ts';
import { useFields } from '../app/store.ts';
import css from './scoreboard.module.css';

const NAMES = ['want', 'created', 'bound', 'running', 'ready'] as const;

export function Scoreboard() {
  const { book, row, beats } = useFields('book', 'row', 'beats');
  const score = scoreOf(pictureAt(book, row));
  const beat = beats[beatNow(beats, row)];
  const change = beat ? changedBy(book, beat, row) : undefined;
  return (
    <div className={css.strip}>
      <p data-testid="scoreboard">
        {NAMES.map((name, i) => (
          <span key={name}>
            {i > 0 && ' · '}
            {name} <b>{score[name]}</b>
            {name === 'running' && score.unknown > 0 && (
              <span title="Their machine is silent: the API has only their last word, Running">
                , <b>{score.unknown}</b> unknown
              </span>
            )}
          </span>
        ))}
      </p>
      {change && (
        <p className={css.changed} title={`${change.what} ${change.field}: ${change.before} → ${change.after}`}>
          <em>{change.what}</em> <span>{change.field}:</span> <s>{change.before}</s> <i>→</i> <u>{change.after}</u>
        </p>
      )}
    </div>
  );
}
