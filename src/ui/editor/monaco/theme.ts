/** Monaco in the page's own colours: read from the design tokens, so that there is one palette. */
import { editor } from './core.ts';

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
/** Monaco wants #rrggbb. */
const hex = (name: string): string => { const value = token(name); return /^#[\da-f]{3}$/i.test(value) ? `#${[...value.slice(1)].map((c) => c + c).join('')}` : value; };
const soft = (name: string, alpha: string): string => `${hex(name)}${alpha}`;

export function applyTheme(theme: 'dark' | 'light'): void {
  const rule = (scope: string, name: string) => ({ token: scope, foreground: hex(name).slice(1) });
  editor.defineTheme('orrery', {
    base: theme === 'dark' ? 'vs-dark' : 'vs', inherit: true,
    rules: [rule('', 'ink'), rule('type', 'control'), rule('string', 'ok'), rule('string.yaml', 'ok'), rule('number', 'network'), rule('keyword', 'storage'), rule('comment', 'dim'), rule('operators', 'dim'), rule('delimiter', 'dim'), rule('tag', 'storage'), rule('namespace', 'storage'), rule('meta', 'dim')],
    colors: {
      'editor.background': hex('panel'), 'editor.foreground': hex('ink'), 'editorLineNumber.foreground': hex('dim'), 'editorLineNumber.activeForeground': hex('ink'), 'editorCursor.foreground': hex('ink'),
      'editor.lineHighlightBorder': '#00000000', 'editor.lineHighlightBackground': soft('line', '22'), 'editor.selectionBackground': soft('control', '44'), 'editor.inactiveSelectionBackground': soft('control', '2a'), 'editor.wordHighlightBackground': soft('line', '33'),
      'editorError.foreground': hex('bad'), 'editorWarning.foreground': hex('network'), 'editorInfo.foreground': hex('dim'), 'editorIndentGuide.background1': soft('line', '44'), 'editorIndentGuide.activeBackground1': soft('line', 'aa'),
      'editorWidget.background': hex('card'), 'editorWidget.foreground': hex('ink'), 'editorWidget.border': hex('line'), 'editorHoverWidget.background': hex('card'), 'editorHoverWidget.foreground': hex('ink'), 'editorHoverWidget.border': hex('line'), 'editorHoverWidget.statusBarBackground': hex('bar'),
      'editorSuggestWidget.background': hex('card'), 'editorSuggestWidget.foreground': hex('ink'), 'editorSuggestWidget.border': hex('line'), 'editorSuggestWidget.selectedBackground': soft('control', '40'), 'editorSuggestWidget.selectedForeground': hex('ink'), 'editorSuggestWidget.highlightForeground': hex('control'), 'editorSuggestWidget.focusHighlightForeground': hex('control'),
      'textLink.foreground': hex('control'), 'textLink.activeForeground': hex('control'), descriptionForeground: hex('dim'), focusBorder: hex('control'), 'input.background': hex('bg'), 'input.foreground': hex('ink'), 'input.border': hex('line'), 'scrollbarSlider.background': soft('line', '66'), 'scrollbarSlider.hoverBackground': soft('line', 'aa'),
      'menu.background': hex('card'), 'menu.foreground': hex('ink'), 'menu.selectionBackground': soft('control', '40'), 'menu.selectionForeground': hex('ink'),
    },
  });
  editor.setTheme('orrery');
}
