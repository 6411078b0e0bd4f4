/** A text area with line numbers: painted first, and all there is where Monaco cannot be loaded. */
import { useImperativeHandle, useMemo, useRef, type ClipboardEvent, type Ref, type RefObject } from 'react';
import type { Draft } from './draft-list.ts';
import type { Findings } from './language-protocol.ts';
import type { Standing, Surface } from './surface.ts';
import css from './editor.module.css';

const MOST_NUMBERED = 5000;
/** Browsers lay out a text area as a whole: a megabyte of lines stops the page for many seconds. Of a longer text only the beginning is shown, and cannot be edited here. */
const MOST_SHOWN = 200_000;

export interface PlainSurface extends Surface {
  standing(): Standing;
  /** A word is being composed (Japanese, accents): not now. */
  isComposing(): boolean;
}
interface Props {
  readonly draft: Draft;
  readonly findings: Findings;
  readonly handle: Ref<PlainSurface>;
  onText(text: string): void;
  onApply(): void;
}

/** The offset of a line's column; both 1-based. */
function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const next = text.indexOf('\n', start);
    if (next < 0) break;
    start = next + 1;
  }
  return Math.min(text.length, start + column - 1);
}

function lineCount(text: string): number {
  let count = 1;
  for (let i = text.indexOf('\n'); i >= 0 && count < MOST_NUMBERED; i = text.indexOf('\n', i + 1)) count++;
  return count;
}

/** What the editor's other parts may ask of the area. `isPart`: only the beginning of the text is in it. */
function surfaceOf(
  area: RefObject<HTMLTextAreaElement | null>,
  composing: RefObject<boolean>,
  shown: string,
  isPart: boolean,
): PlainSurface {
  return {
    focus: () => area.current?.focus(),
    isComposing: () => composing.current,
    standing: () => ({
      from: area.current?.selectionStart ?? 0,
      to: area.current?.selectionEnd ?? 0,
      top: area.current?.scrollTop ?? 0,
      left: area.current?.scrollLeft ?? 0,
      hasFocus: document.activeElement === area.current,
    }),
    replace(span, text) {
      area.current?.focus();
      area.current?.setSelectionRange(offsetOf(shown, span.line, span.column), offsetOf(shown, span.endLine, span.endColumn));
      // The one way to change a text area that its own undo knows of.
      if (!isPart) document.execCommand('insertText', false, text);
    },
    show(span) {
      const from = offsetOf(shown, span.line, span.column);
      area.current?.focus();
      area.current?.setSelectionRange(from, Math.max(from + 1, offsetOf(shown, span.endLine, span.endColumn)));
    },
  };
}

export function PlainEditor({ draft, findings, handle, onText, onApply }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLPreElement>(null);
  const composing = useRef(false);
  const isPart = draft.text.length > MOST_SHOWN;
  const shown = useMemo(
    () => (isPart ? draft.text.slice(0, draft.text.lastIndexOf('\n', MOST_SHOWN) + 1 || MOST_SHOWN) : draft.text),
    [draft.text, isPart],
  );
  const count = useMemo(() => lineCount(shown), [shown]);
  /** What is too large for the area never enters it. */
  const pasteLarge = (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    const pasted = event.clipboardData.getData('text/plain');
    if (isPart || draft.text.length + pasted.length <= MOST_SHOWN) return;
    event.preventDefault();
    const { selectionStart, selectionEnd } = event.currentTarget;
    onText(draft.text.slice(0, selectionStart) + pasted + draft.text.slice(selectionEnd));
  };
  useImperativeHandle(handle, () => surfaceOf(area, composing, shown, isPart), [shown, isPart]);
  return (
    <div className={css.plain}>
      <Gutter gutter={gutter} count={count} findings={findings} />
      <textarea
        ref={area}
        value={shown}
        readOnly={isPart}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        aria-label="Manifest"
        wrap="off"
        onScroll={(e) => {
          if (gutter.current) gutter.current.scrollTop = e.currentTarget.scrollTop;
        }}
        onPaste={pasteLarge}
        onChange={(e) => onText(e.target.value)}
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={() => {
          composing.current = false;
        }}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
            e.preventDefault();
            onApply();
          }
        }}
      />
      {isPart && (
        <p className={css.part}>
          The text has {(draft.text.length / 1048576).toFixed(1)} MiB. This is its beginning; all of it is kept, and can be edited when the
          full editor is here.
        </p>
      )}
    </div>
  );
}

/** A number for each line, marked where something is found. */
function Gutter({
  gutter,
  count,
  findings: { marks, problems },
}: {
  readonly gutter: RefObject<HTMLPreElement | null>;
  readonly count: number;
  readonly findings: Findings;
}) {
  const marked = useMemo(
    () => new Map<number, string>([...marks.map((m) => [m.line, 'info'] as const), ...problems.map((p) => [p.line, p.severity] as const)]),
    [marks, problems],
  );
  return (
    <pre ref={gutter} className={css.gutter} aria-hidden="true">
      {Array.from({ length: count }, (_, i) => (
        <span key={i} data-severity={marked.get(i + 1)}>
          {i + 1}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
