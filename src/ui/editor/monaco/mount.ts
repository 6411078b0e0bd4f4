/** Puts Monaco where the plain editor stood: same text, same selection, same scroll, same focus. One model per file keeps each file's undo. */
import type { Draft } from '../draft-list.ts';
import type { MountOptions, Mounted } from '../surface.ts';
import { editor, KeyCode, KeyMod, Range, Uri } from './core.ts';
import { forgetModel, markProblems, registerLanguage } from './language.ts';
import { applyTheme } from './theme.ts';
import './marks.css';

const FONT = { fontFamily: "'DejaVu Sans Mono', ui-monospace, monospace", fontSize: 14.4, lineHeight: 21 } as const;
let isRegistered = false;

export default function mount(host: HTMLElement, options: MountOptions): Mounted {
  if (!isRegistered) { isRegistered = true; registerLanguage(); }
  applyTheme(options.theme);
  const models = new Map<string, { readonly model: editor.ITextModel; text: string; view: editor.ICodeEditorViewState | null }>();
  let shown = options.draft.id;
  const code = editor.create(host, {
    ...FONT, model: null, ariaLabel: 'Manifest', automaticLayout: true, editContext: false, minimap: { enabled: false }, lineNumbersMinChars: 3, lineDecorationsWidth: 12, glyphMargin: false, folding: true, scrollBeyondLastLine: false, padding: { top: 10, bottom: 10 },
    tabSize: 2, insertSpaces: true, detectIndentation: false, wordBasedSuggestions: 'off', quickSuggestions: { other: true, strings: true, comments: false }, fixedOverflowWidgets: true, unicodeHighlight: { ambiguousCharacters: false, invisibleCharacters: false },
    overviewRulerLanes: 1, renderLineHighlight: 'line', stickyScroll: { enabled: false }, lightbulb: { enabled: 'onCode' as editor.ShowLightbulbIconMode }, suggest: { showWords: false, snippetsPreventQuickSuggestions: false }, guides: { indentation: true }, contextmenu: false, links: false, scrollbar: { horizontalScrollbarSize: 10, verticalScrollbarSize: 10, alwaysConsumeMouseWheel: false }, hover: { above: false, delay: 250 },
  });
  const marks = code.createDecorationsCollection();

  const modelOf = (draft: Draft): editor.ITextModel => {
    const had = models.get(draft.id);
    if (had) { if (had.text !== draft.text) { had.text = draft.text; had.model.setValue(draft.text); } return had.model; }
    const model = editor.createModel(draft.text, 'yaml', Uri.parse(`inmemory://drafts/${draft.id}`));
    model.setEOL(editor.EndOfLineSequence.LF);
    const kept = { model, text: draft.text, view: null };
    models.set(draft.id, kept);
    model.onDidChangeContent(() => { const text = model.getValue(); if (text !== kept.text) { kept.text = text; options.onText(draft.id, text); } });
    return model;
  };
  const setDraft = (draft: Draft): void => {
    const model = modelOf(draft);
    if (code.getModel() === model) return;
    const left = models.get(shown);
    if (left) left.view = code.saveViewState();
    shown = draft.id;
    code.setModel(model);
    const view = models.get(draft.id)?.view;
    if (view) code.restoreViewState(view);
    marks.clear();
  };
  const setTabFree = (isFree: boolean): void => { code.updateOptions({ tabFocusMode: isFree }); options.onTabFree(isFree); };

  setDraft(options.draft);
  stand(code, options.standing);
  code.addCommand(KeyMod.CtrlCmd | KeyCode.Enter, options.onApply);
  code.addCommand(KeyCode.Escape, () => setTabFree(true), '!suggestWidgetVisible && !findWidgetVisible && !inSnippetMode && !editorHasMultipleSelections && !markersNavigationVisible && !editorHoverVisible');
  code.onDidBlurEditorText(() => setTabFree(false));
  code.onKeyDown((event) => { if (event.keyCode !== KeyCode.Tab && event.keyCode !== KeyCode.Escape && event.keyCode !== KeyCode.Shift) setTabFree(false); });

  return {
    setDraft, setTheme: applyTheme, focus: () => code.focus(),
    setFindings({ problems, marks: inert }) {
      const model = code.getModel();
      if (!model) return;
      markProblems(model, problems);
      marks.set(inert.map((m) => ({ range: new Range(m.line, m.column, m.endLine, m.endColumn), options: { inlineClassName: 'orrery-inert', stickiness: 1 } })));
    },
    show(span) { code.setSelection(new Range(span.line, span.column, span.endLine, span.endColumn)); code.revealLineInCenterIfOutsideViewport(span.line); code.focus(); },
    dispose() { for (const { model } of models.values()) { forgetModel(model); model.dispose(); } code.dispose(); },
  };
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
