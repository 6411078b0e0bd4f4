/** Puts Monaco where the plain editor stood: same text, same selection, same scroll, same focus. One model per file keeps each file's undo. */
import type { Draft } from '../draft-list.ts';
import type { MountOptions, Mounted } from '../surface.ts';
import { editor, KeyCode, KeyMod, Range, Uri } from './core.ts';
import { markProblems, registerLanguage } from './language.ts';
import { OPTIONS } from './options.ts';
import { applyTheme } from './theme.ts';
import './marks.css';

/** Models outlive the editor that shows them: another tab, presenting and back again keep every file's undo and place. */
interface Kept {
  readonly model: editor.ITextModel;
  text: string;
  view: editor.ICodeEditorViewState | null;
}
const models = new Map<string, Kept>();
/** Escape first closes what is open. */
const NOTHING_TO_CLOSE = [
  'suggestWidgetVisible',
  'findWidgetVisible',
  'inSnippetMode',
  'editorHasMultipleSelections',
  'markersNavigationVisible',
  'editorHoverVisible',
]
  .map((open) => `!${open}`)
  .join(' && ');
let isRegistered = false;

export default function mount(host: HTMLElement, options: MountOptions): Mounted {
  if (!isRegistered) {
    isRegistered = true;
    registerLanguage();
  }
  applyTheme(options.theme);
  let shown = options.draft.id;
  const code = editor.create(host, { ...OPTIONS, model: null });
  const marks = code.createDecorationsCollection();

  const leave = (): void => {
    const left = models.get(shown);
    if (left && code.getModel() === left.model) left.view = code.saveViewState();
  };
  const setDraft = (draft: Draft): void => {
    const { model, view } = keptOf(draft, options.onText);
    if (code.getModel() === model) return;
    leave();
    shown = draft.id;
    code.setModel(model);
    if (view) code.restoreViewState(view);
    marks.clear();
  };
  const setTabFree = (isFree: boolean): void => {
    code.updateOptions({ tabFocusMode: isFree });
    options.onTabFree(isFree);
  };

  const isNew = !models.has(options.draft.id);
  setDraft(options.draft);
  if (isNew) stand(code, options.standing);
  code.addCommand(KeyMod.CtrlCmd | KeyCode.Enter, options.onApply);
  code.addCommand(KeyCode.Escape, () => setTabFree(true), NOTHING_TO_CLOSE);
  code.onDidBlurEditorText(() => setTabFree(false));
  code.onKeyDown((event) => {
    if (event.keyCode !== KeyCode.Tab && event.keyCode !== KeyCode.Escape && event.keyCode !== KeyCode.Shift) setTabFree(false);
  });

  return {
    setDraft,
    setTheme: applyTheme,
    focus: () => code.focus(),
    setFindings({ problems, marks: inert }) {
      const model = code.getModel();
      if (!model) return;
      markProblems(model, problems);
      marks.set(
        inert.map((m) => ({
          range: new Range(m.line, m.column, m.endLine, m.endColumn),
          options: { inlineClassName: 'orrery-inert', stickiness: 1 },
        })),
      );
    },
    replace(span, text) {
      code.executeEdits('fix', [{ range: new Range(span.line, span.column, span.endLine, span.endColumn), text }]);
      code.pushUndoStop();
      code.focus();
    },
    show(span) {
      code.setSelection(new Range(span.line, span.column, span.endLine, span.endColumn));
      code.revealLineInCenterIfOutsideViewport(span.line);
      code.focus();
    },
    dispose() {
      leave();
      code.dispose();
    },
  };
}

function keptOf(draft: Draft, onText: MountOptions['onText']): Kept {
  const had = models.get(draft.id);
  if (had) {
    if (had.text !== draft.text) {
      had.text = draft.text;
      had.model.setValue(draft.text);
    }
    return had;
  }
  const model = editor.createModel(draft.text, 'yaml', Uri.parse(`inmemory://drafts/${draft.id}`));
  model.setEOL(editor.EndOfLineSequence.LF);
  const kept: Kept = { model, text: draft.text, view: null };
  models.set(draft.id, kept);
  model.onDidChangeContent(() => {
    const text = model.getValue();
    if (text !== kept.text) {
      kept.text = text;
      onText(draft.id, text);
    }
  });
  return kept;
}

/** Where the plain editor's user was: nothing jumps. */
function stand(code: editor.IStandaloneCodeEditor, { from, to, top, left, hasFocus }: MountOptions['standing']): void {
  const model = code.getModel();
  if (!model) return;
  code.setSelection(Range.fromPositions(model.getPositionAt(from), model.getPositionAt(to)));
  code.setScrollTop(top);
  code.setScrollLeft(left);
  if (hasFocus) code.focus();
}
