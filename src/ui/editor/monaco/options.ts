/** How Monaco is set up: quiet, narrow, two blanks, and typing that nothing gets in the way of. */
import type { editor } from './core.ts';

export const OPTIONS: editor.IStandaloneEditorConstructionOptions = {
  ariaLabel: 'Manifest',
  automaticLayout: true,
  // With a hidden text area instead of the newer EditContext, input methods and what types for the user work as in every other field of the page.
  editContext: false,
  // The same letters and lines as the plain editor's, so that nothing jumps when one takes the other's place.
  fontFamily: "'DejaVu Sans Mono', ui-monospace, monospace",
  fontSize: 14.4,
  lineHeight: 21,
  padding: { top: 10, bottom: 10 },
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 12,
  glyphMargin: false,
  renderFinalNewline: 'on',
  tabSize: 2,
  insertSpaces: true,
  detectIndentation: false,
  guides: { indentation: true },
  folding: true,
  minimap: { enabled: false },
  overviewRulerLanes: 1,
  stickyScroll: { enabled: false },
  scrollBeyondLastLine: false,
  scrollbar: { horizontalScrollbarSize: 10, verticalScrollbarSize: 10, alwaysConsumeMouseWheel: false },
  // Suggestions come from the schema only; Enter takes one when that changes the text, and ends the line otherwise.
  wordBasedSuggestions: 'off',
  quickSuggestions: { other: true, strings: true, comments: false },
  acceptSuggestionOnEnter: 'smart',
  suggest: { showWords: false, snippetsPreventQuickSuggestions: false },
  // The panel is narrow: what pops up may leave it.
  fixedOverflowWidgets: true,
  hover: { above: false, delay: 250 },
  lightbulb: { enabled: 'onCode' as editor.ShowLightbulbIconMode },
  unicodeHighlight: { ambiguousCharacters: false, invisibleCharacters: false },
  renderLineHighlight: 'line',
  contextmenu: false,
  links: false,
};
