/** Monaco in the page's own colours: read from the design tokens, so that there is one palette. */
import { editor } from './core.ts';

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
/** Monaco wants #rrggbb. */
const hex = (name: string): string => {
  const value = token(name);
  return /^#[\da-f]{3}$/i.test(value) ? `#${[...value.slice(1)].map((c) => c + c).join('')}` : value;
};

/** Monaco's names for colours → a token, and how much of it shows (two hex digits) when not all. */
const COLORS: Readonly<Record<string, readonly [string, string?]>> = {
  'editor.background': ['panel'],
  'editor.foreground': ['ink'],
  'editorCursor.foreground': ['ink'],
  'editorLineNumber.foreground': ['dim'],
  'editorLineNumber.activeForeground': ['ink'],
  'editor.lineHighlightBackground': ['line', '22'],
  'editor.lineHighlightBorder': ['line', '00'],
  'editor.selectionBackground': ['control', '44'],
  'editor.inactiveSelectionBackground': ['control', '2a'],
  'editorError.foreground': ['bad'],
  'editorWarning.foreground': ['network'],
  'editorInfo.foreground': ['dim'],
  'editorIndentGuide.background1': ['line', '44'],
  'editorIndentGuide.activeBackground1': ['line', 'aa'],
  'editorBracketHighlight.foreground1': ['dim'],
  'editorBracketHighlight.foreground2': ['dim'],
  'editorBracketHighlight.foreground3': ['dim'],
  'editorWidget.background': ['card'],
  'editorWidget.foreground': ['ink'],
  'editorWidget.border': ['line'],
  'editorHoverWidget.background': ['card'],
  'editorHoverWidget.foreground': ['ink'],
  'editorHoverWidget.border': ['line'],
  'editorHoverWidget.statusBarBackground': ['bar'],
  'editorSuggestWidget.background': ['card'],
  'editorSuggestWidget.foreground': ['ink'],
  'editorSuggestWidget.border': ['line'],
  'editorSuggestWidget.selectedBackground': ['control', '40'],
  'editorSuggestWidget.selectedForeground': ['ink'],
  'editorSuggestWidget.highlightForeground': ['control'],
  'editorSuggestWidget.focusHighlightForeground': ['control'],
  'menu.background': ['card'],
  'menu.foreground': ['ink'],
  'menu.selectionBackground': ['control', '40'],
  'menu.selectionForeground': ['ink'],
  'input.background': ['bg'],
  'input.foreground': ['ink'],
  'input.border': ['line'],
  'textLink.foreground': ['control'],
  'textLink.activeForeground': ['control'],
  descriptionForeground: ['dim'],
  focusBorder: ['control'],
  'scrollbarSlider.background': ['line', '66'],
  'scrollbarSlider.hoverBackground': ['line', 'aa'],
};
/** The YAML grammar's names for words → a token. */
const RULES: Readonly<Record<string, string>> = {
  '': 'ink',
  type: 'control',
  string: 'ok',
  'string.yaml': 'ok',
  number: 'network',
  keyword: 'storage',
  tag: 'storage',
  namespace: 'storage',
  comment: 'dim',
  operators: 'dim',
  delimiter: 'dim',
  meta: 'dim',
};

export function applyTheme(theme: 'dark' | 'light'): void {
  editor.defineTheme('orrery', {
    base: theme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: Object.entries(RULES).map(([scope, name]) => ({ token: scope, foreground: hex(name).slice(1) })),
    colors: Object.fromEntries(Object.entries(COLORS).map(([key, [name, alpha]]) => [key, hex(name) + (alpha ?? '')])),
  });
  editor.setTheme('orrery');
}
