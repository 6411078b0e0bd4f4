/** The manifest: files, the text, what is wrong with it at its line, and the command that applying it is. */
import { useRef, useState, type DragEvent } from 'react';
import { tooLong } from '../../api/manifest/limits.ts';
import { many } from '../../lib/many.ts';
import { useFields } from '../app/store.ts';
import { applyDraft } from './apply.ts';
import { openDraft, useActiveDraft, useDrafts } from './drafts.ts';
import { Files } from './Files.tsx';
import { RichEditor } from './RichEditor.tsx';
import type { Surface } from './surface.ts';
import { useFindings, type Checked } from './use-findings.ts';
import css from './editor.module.css';

const MOST_LISTED = 20;

export function Editor() {
  const { status, isBusy } = useFields('status', 'isBusy');
  const draft = useActiveDraft();
  const isKept = useDrafts((s) => s.isKept);
  const checked = useFindings(draft.text);
  const { findings, isNow } = checked;
  const { problems } = findings;
  const surface = useRef<Surface>(null);
  const [isTabFree, setTabFree] = useState(false);
  const isTooLong = tooLong(draft.text) !== undefined;
  return (
    <div
      className={css.editor}
      onDragOver={(e) => {
        if (e.dataTransfer.types.includes('Files')) e.preventDefault();
      }}
      onDrop={dropped}
    >
      <Files />
      <RichEditor draft={draft} findings={findings} handle={surface} onTabFree={setTabFree} />
      {problems.length > 0 && (
        <ul className={css.problems} aria-label="Problems">
          {problems.slice(0, MOST_LISTED).map((p, i) => (
            <li key={`${p.line}/${i}`} data-severity={p.severity}>
              <button type="button" onClick={() => surface.current?.show(p)}>
                <b>line {p.line}:</b> {p.message}
                {p.hint ? <i> — {p.hint}</i> : ''}
              </button>
              {p.fix !== undefined && (
                <button
                  type="button"
                  className={css.fix}
                  disabled={!isNow}
                  aria-label={`Fix line ${p.line}: write ${p.fix}`}
                  onClick={() => surface.current?.replace(p, p.fix ?? '')}
                >
                  Fix
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <div className={css.foot}>
        <p role="status">
          {isTabFree ? 'Tab leaves the editor now' : isKept ? statusOf(checked) : 'not kept on reload: the browser’s storage is full'}
        </p>
        <span className={css.leave}>{!isTabFree && 'Esc, Tab: leave'}</span>
        <kbd>Ctrl+Enter</kbd>
        <button
          type="button"
          className={css.apply}
          onClick={() => applyDraft()}
          disabled={status !== 'ready' || isBusy || isTooLong}
          aria-keyshortcuts="Control+Enter"
        >
          kubectl apply <span>-f - &lt; {draft.name}</span>
        </button>
      </div>
    </div>
  );
}

/** A file that is dropped is opened, and does not take the page's place. */
function dropped(event: DragEvent): void {
  if (event.dataTransfer.files.length === 0) return;
  event.preventDefault();
  for (const file of event.dataTransfer.files) void file.text().then((text) => openDraft(file.name, text));
}

function statusOf({ findings: { problems, marks, objects }, isNow }: Checked): string {
  if (!isNow) return 'checking …';
  const errors = problems.filter((p) => p.severity === 'error').length;
  if (problems.length > 0) return errors > 0 ? many(errors, 'problem') : many(problems.length, 'warning');
  if (objects === 0) return 'empty';
  return marks.length > 0 ? `valid · ${many(marks.length, 'field')} not simulated` : `valid · ${many(objects, 'object')}`;
}
