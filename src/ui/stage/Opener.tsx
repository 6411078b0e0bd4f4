/** Makes a box enterable: a double click, Enter on its focused button, or the corner button. A single click chooses it for the inspector. */
import type { KeyboardEvent, MouseEvent } from 'react';
import { forgetClick, selectSoon } from './select.ts';
import { enter } from './zoom.ts';
import css from './stage.module.css';

export const entering = (at: string, selects: string) => ({
  'data-opens': at,
  onClick: (event: MouseEvent) => selectSoon(selects, event.detail),
  onDoubleClick: () => {
    forgetClick();
    enter(at);
  },
  onKeyDown: (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      enter(at);
    }
  },
});

/** The ground of a box, where nothing stands that takes the double click. */
export const enteringAnywhere = (at: string) => ({
  onDoubleClick: (event: MouseEvent) => {
    if (event.target === event.currentTarget) enter(at);
  },
});

export function Opener({ at, name }: { readonly at: string; readonly name: string }) {
  return (
    <button
      type="button"
      className={css.opener}
      onClick={() => enter(at)}
      aria-label={`Open ${name}`}
      title={`Open ${name} (double click, or Enter)`}
    >
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
        <path d="M8 1h5v5M13 1 8 6M6 13H1V8M1 13l5-5" fill="none" stroke="currentColor" strokeWidth="1.8" />
      </svg>
    </button>
  );
}
