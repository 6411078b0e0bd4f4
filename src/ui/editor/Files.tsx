/** The files as tabs: select, add, rename (double click or F2), close, bring back; and the library of examples. */
import { useEffect, useState, type KeyboardEvent } from 'react';
import type { NamedExample } from '../../scenarios/registry.ts';
import { openOnKey } from '../design/open-on-key.ts';
import { addDraft, closeDraft, openDraft, renameDraft, reopenDraft, selectDraft, useDrafts } from './drafts.ts';
import type { Draft, DraftList } from './draft-list.ts';
import css from './files.module.css';

export function Files() {
  const { list } = useDrafts();
  const [renaming, setRenaming] = useState<string>();
  const last = list.closed.at(-1);
  // Not scrollIntoView: Tab would go on from there.
  useEffect(() => {
    const tab = document.getElementById(`file-${list.active}`);
    tab?.parentElement?.scrollTo({ left: tab.offsetLeft + (tab.offsetWidth - tab.parentElement.clientWidth) / 2 });
  }, [list.active, list.files.length]);
  return (
    <div className={css.bar}>
      <div className={css.tabs} role="tablist" aria-label="Files">
        {list.files.map((file) =>
          renaming === file.id ? (
            <Rename key={file.id} file={file} onDone={() => setRenaming(undefined)} />
          ) : (
            <Tab key={file.id} file={file} list={list} onRename={() => setRenaming(file.id)} />
          ),
        )}
      </div>
      <button
        type="button"
        className={css.small}
        aria-label="Close this file"
        title="Close this file"
        onClick={() => closeDraft(list.active)}
      >
        <Sign d="M4 4l8 8M12 4l-8 8" />
      </button>
      {last && (
        <button
          type="button"
          className={css.small}
          aria-label={`Bring back ${last.draft.name}`}
          title={`Bring back ${last.draft.name}`}
          onClick={reopenDraft}
        >
          <Sign d="M4 6h6a3 3 0 0 1 0 6H6M4 6l3-3M4 6l3 3" />
        </button>
      )}
      <button type="button" className={css.small} aria-label="New file" title="New file" onClick={addDraft}>
        <Sign d="M8 3v10M3 8h10" />
      </button>
      <Examples />
    </div>
  );
}

function Tab({ file, list, onRename }: { readonly file: Draft; readonly list: DraftList; onRename(): void }) {
  const isActive = file.id === list.active;
  const onKey = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (event.key === 'F2') onRename();
    else if (event.key === 'Delete') closeDraft(file.id);
    else if (step === 0) return;
    else {
      const next = list.files[(list.files.findIndex((f) => f.id === file.id) + step + list.files.length) % list.files.length];
      selectDraft(next.id);
      document.getElementById(`file-${next.id}`)?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <button
      id={`file-${file.id}`}
      type="button"
      role="tab"
      aria-selected={isActive}
      tabIndex={isActive ? 0 : -1}
      title={`${file.name} (F2 renames, Delete closes)`}
      onClick={() => selectDraft(file.id)}
      onDoubleClick={onRename}
      onKeyDown={onKey}
    >
      {file.name}
    </button>
  );
}

const Sign = ({ d }: { readonly d: string }) => (
  <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
    <path d={d} fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
  </svg>
);

function Rename({ file, onDone }: { readonly file: Draft; onDone(): void }) {
  const [name, setName] = useState(file.name);
  const done = (isKept: boolean): void => {
    if (isKept) renameDraft(file.id, name);
    onDone();
  };
  return (
    <input
      className={css.rename}
      value={name}
      aria-label={`Name of ${file.name}`}
      ref={(input) => input?.focus()}
      onFocus={(e) => e.target.setSelectionRange(0, Math.max(0, name.lastIndexOf('.')) || name.length)}
      onChange={(e) => setName(e.target.value)}
      onBlur={() => done(true)}
      onKeyDown={(e) => {
        if (e.key === 'Enter') done(true);
        else if (e.key === 'Escape') done(false);
        e.stopPropagation();
      }}
    />
  );
}

/** Loaded when somebody looks. */
function Examples() {
  const [examples, setExamples] = useState<readonly NamedExample[]>();
  const look = (): void => {
    if (!examples) void import('../../scenarios/registry.ts').then((m) => setExamples(m.examples));
  };
  return (
    <select
      className={css.examples}
      aria-label="Examples"
      value=""
      onKeyDown={openOnKey}
      onFocus={look}
      onPointerEnter={look}
      onPointerDown={look}
      onChange={(e) => {
        const found = examples?.find((x) => x.id === e.target.value);
        if (found) openDraft(`${found.id}.yaml`, `# ${found.about}\n${found.manifest}`);
      }}
    >
      <option value="">Examples</option>
      {examples?.map((x) => (
        <option key={x.id} value={x.id} title={x.about}>
          {x.title}
        </option>
      ))}
    </select>
  );
}
