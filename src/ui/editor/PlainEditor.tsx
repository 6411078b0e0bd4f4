/** A text area with line numbers: painted first, and all there is where Monaco cannot be loaded. */
import { useImperativeHandle, useMemo, useRef, type Ref } from 'react';
import type { Draft } from './draft-list.ts';
import type { Findings } from './language-protocol.ts';
import type { Standing, Surface } from './surface.ts';
import css from './editor.module.css';

const MOST_NUMBERED = 5000;

export interface PlainSurface extends Surface { standing(): Standing; /** A word is being composed (Japanese, accents): not now. */ isComposing(): boolean }
interface Props { readonly draft: Draft; readonly findings: Findings; readonly handle: Ref<PlainSurface>; onText(text: string): void; onApply(): void }

/** The offset of a line's column; both 1-based. */
function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let n = 1; n < line; n++) { const next = text.indexOf('\n', start); if (next < 0) break; start = next + 1; }
  return Math.min(text.length, start + column - 1);
}

function lineCount(text: string): number {
  let count = 1;
  for (let i = text.indexOf('\n'); i >= 0 && count < MOST_NUMBERED; i = text.indexOf('\n', i + 1)) count++;
  return count;
}

export function PlainEditor({ draft, findings, handle, onText, onApply }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLPreElement>(null);
  const composing = useRef(false);
  const marked = useMemo(() => new Map<number, string>([...findings.marks.map((m) => [m.line, 'info'] as const), ...findings.problems.map((p) => [p.line, p.severity] as const)]), [findings]);
  const count = useMemo(() => lineCount(draft.text), [draft.text]);
  useImperativeHandle(handle, () => ({
    focus: () => area.current?.focus(),
    isComposing: () => composing.current,
    standing: () => ({ from: area.current?.selectionStart ?? 0, to: area.current?.selectionEnd ?? 0, top: area.current?.scrollTop ?? 0, left: area.current?.scrollLeft ?? 0, hasFocus: document.activeElement === area.current }),
    show(span) {
      const from = offsetOf(draft.text, span.line, span.column);
      area.current?.focus();
      area.current?.setSelectionRange(from, Math.max(from + 1, offsetOf(draft.text, span.endLine, span.endColumn)));
    },
  }), [draft.text]);
  return (
    <div className={css.plain}>
      <pre ref={gutter} className={css.gutter} aria-hidden="true">{Array.from({ length: count }, (_, i) => <span key={i} data-severity={marked.get(i + 1)}>{i + 1}{'\n'}</span>)}</pre>
      <textarea
        ref={area} value={draft.text} spellCheck={false} autoCapitalize="off" autoComplete="off" aria-label="Manifest" wrap="off"
        onScroll={(e) => { if (gutter.current) gutter.current.scrollTop = e.currentTarget.scrollTop; }}
        onChange={(e) => onText(e.target.value)}
        onCompositionStart={() => { composing.current = true; }} onCompositionEnd={() => { composing.current = false; }}
        onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); onApply(); } }}
      />
    </div>
  );
}
